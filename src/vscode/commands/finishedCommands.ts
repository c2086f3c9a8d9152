import * as vscode from 'vscode';
import { AppError } from '../../base/errors.ts';
import type { DownloadState } from '../../download/downloadState.ts';
import type { CommandHandlers } from '../commands.ts';
import { chooseDownloads } from '../downloadChoice.ts';
import type { Downloads } from '../downloads.ts';
import { openFile, revealFile, revealInFileManager } from '../fileActions.ts';

type Ids = 'ossDownloader.openFile' | 'ossDownloader.revealInExplorer' | 'ossDownloader.revealInFileManager';

/** What can be done with the files of finished downloads; without an argument the user picks among them. */
export function finishedCommands(downloads: Downloads): Pick<CommandHandlers, Ids> {
  const forEachFile = async (title: string, id: string | undefined, selection: readonly string[] | undefined, act: (file: string) => Promise<void>): Promise<void> => {
    await downloads.start();
    for (const each of await chooseDownloads(downloads, isCompleted, title, id, selection)) {
      await act(completedFile(downloads, each));
    }
  };
  return {
    'ossDownloader.openFile': (id, selection) => forEachFile(vscode.l10n.t('Open File'), id, selection, openFile),
    'ossDownloader.revealInExplorer': (id, selection) => forEachFile(vscode.l10n.t('Reveal in Explorer'), id, selection, revealFile),
    'ossDownloader.revealInFileManager': (id, selection) => forEachFile(vscode.l10n.t('Reveal in File Manager'), id, selection, revealInFileManager),
  };
}

function isCompleted({ kind }: DownloadState): boolean {
  return kind === 'completed';
}

function completedFile(downloads: Downloads, id: string): string {
  const download = downloads.find(id);
  if (download?.state.kind !== 'completed') {
    throw new AppError('download/notFound', `no finished download: ${id}`);
  }
  return download.path;
}
