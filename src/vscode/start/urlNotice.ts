import * as vscode from 'vscode';
import type { DownloadSnapshot } from '../../download/model.ts';
import { runCommand } from '../commands.ts';
import { fileName } from '../list/texts.ts';
import { offer } from '../ui/offer.ts';

/** Shows that a download waits for a new URL, and offers to enter it. Returns at once. */
export function promptForUrl({ id, path }: DownloadSnapshot): void {
  const message = vscode.l10n.t(
    'The URL of {0} has expired or is not known any more. What has arrived is kept until you enter another URL of ' +
      'the same object.',
    fileName(path),
  );
  void offer('warning', message, [
    [vscode.l10n.t('Enter New URL…'), () => runCommand('ossDownloader.enterNewUrl', id)],
  ]);
}
