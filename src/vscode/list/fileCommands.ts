import * as vscode from 'vscode';
import { AppError } from '../../base/errors.ts';
import { statusOf } from './row.ts';
import type { Row } from './row.ts';
import type { CommandHandlers } from '../commands.ts';
import { withCancellableProgress } from '../ui/progress.ts';
import { chooseDownloads } from './downloadChoice.ts';
import type { Downloads } from './downloadList.ts';
import { openFile, revealFile, revealInFileManager } from '../ui/fileActions.ts';
import { fileName, isFine, verdictText } from './texts.ts';
import type { Verified } from './texts.ts';

type Ids =
  | 'ossDownloader.verifyAgain'
  | 'ossDownloader.openFile'
  | 'ossDownloader.revealInExplorer'
  | 'ossDownloader.revealInFileManager';

/** Commands for the files of finished downloads; without an argument the user picks one. */
export function finishedCommands(downloads: Downloads): Pick<CommandHandlers, Ids> {
  const forEachFile = async (
    title: string,
    id: string | undefined,
    selection: readonly string[] | undefined,
    act: (file: string) => Promise<void>,
  ): Promise<void> => {
    await downloads.start();
    for (const each of await chooseDownloads(downloads, isCompleted, title, id, selection)) {
      await act(completedFile(downloads, each));
    }
  };
  return {
    'ossDownloader.verifyAgain': async (id, selection) => {
      await downloads.start();
      const ids = await chooseDownloads(downloads, isCompleted, vscode.l10n.t('Verify Again'), id, selection);
      const verified = await verifyAll(downloads, ids);
      if (verified.length > 0) {
        const show = verified.every(({ verdict }) => isFine(verdict))
          ? vscode.window.showInformationMessage
          : vscode.window.showWarningMessage;
        void show(verdictText(verified, vscode.l10n));
      }
    },
    'ossDownloader.openFile': (id, selection) => forEachFile(vscode.l10n.t('Open File'), id, selection, openFile),
    'ossDownloader.revealInExplorer': (id, selection) =>
      forEachFile(vscode.l10n.t('Reveal in Explorer'), id, selection, revealFile),
    'ossDownloader.revealInFileManager': (id, selection) =>
      forEachFile(vscode.l10n.t('Reveal in File Manager'), id, selection, revealInFileManager),
  };
}

/** Verifies the files in sequence, with a notification. @returns the results until the user cancelled */
async function verifyAll(downloads: Downloads, ids: readonly string[]): Promise<readonly Verified[]> {
  const service = await downloads.start();
  const verified: Verified[] = [];
  await withCancellableProgress(vscode.l10n.t('Verifying'), async (signal, progress) => {
    for (const id of ids) {
      const name = fileName(completedFile(downloads, id));
      progress.report({ message: name, increment: 0 });
      verified.push({ name, verdict: await service.verify(id, signal) });
      progress.report({ increment: 100 / ids.length });
    }
  });
  return verified;
}

/** Whether the row is a completed download; a batch has no file. */
function isCompleted(row: Row): boolean {
  return row.kind === 'download' && statusOf(row) === 'completed';
}

function completedFile(downloads: Downloads, id: string): string {
  const download = downloads.find(id);
  if (download?.kind !== 'download' || download.state.kind !== 'completed') {
    throw new AppError('download/notFound', `no finished download: ${id}`);
  }
  return download.path;
}
