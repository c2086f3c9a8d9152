import * as vscode from 'vscode';
import type { ObjectRef } from '../../oss/model.ts';
import { formatOssPath } from '../../oss/ossPath.ts';
import { runCommand } from '../commands.ts';
import { visibleName } from '../ui/displayText.ts';

/** Says that an archived object can be read now, and offers to download it. Returns at once. */
export function tellRestored(object: ObjectRef): void {
  const download = vscode.l10n.t('Download');
  void vscode.window
    .showInformationMessage(
      vscode.l10n.t('{0} is restored and can be read.', visibleName(formatOssPath(object))),
      download,
    )
    .then((chosen) => {
      if (chosen === download) {
        runCommand('ossDownloader.download', object);
      }
    });
}
