import * as vscode from 'vscode';
import type { ObjectRef } from '../../oss/model.ts';
import { formatOssPath } from '../../oss/ossPath.ts';
import { runCommand } from '../commands.ts';
import { visibleName } from '../ui/displayText.ts';
import { offer } from '../ui/offer.ts';

/** Shows that an archived object is readable, and offers to download it. Returns at once. */
export function showRestored(object: ObjectRef): void {
  void offer('information', vscode.l10n.t('{0} is restored and can be read.', visibleName(formatOssPath(object))), [
    [vscode.l10n.t('Download'), () => runCommand('ossDownloader.download', object)],
  ]);
}
