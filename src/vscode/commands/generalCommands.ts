import * as vscode from 'vscode';
import { AppError } from '../../base/errors.ts';
import type { DownloadSnapshot } from '../../download/model.ts';
import type { CommandHandlers } from '../commands.ts';
import type { Downloads } from '../downloads.ts';
import { openFile, revealFile } from '../fileActions.ts';
import { configurationSection, viewIds } from '../ids.ts';
import type { LogChannel } from '../logChannel.ts';

type Ids = 'ossDownloader.openFile' | 'ossDownloader.revealInExplorer' | 'ossDownloader.showDownloads' | 'ossDownloader.showLog' | 'ossDownloader.openSettings';

/** Finished files, and where everything is found. */
export function generalCommands(downloads: Downloads, log: LogChannel): Pick<CommandHandlers, Ids> {
  return {
    'ossDownloader.openFile': async (id, selection) => {
      for (const each of selection !== undefined && selection.length > 0 ? selection : [id]) {
        await openFile(completed(downloads, each).path);
      }
    },
    'ossDownloader.revealInExplorer': (id) => revealFile(completed(downloads, id).path),
    'ossDownloader.showDownloads': async () => {
      await vscode.commands.executeCommand(`${viewIds.downloads}.focus`);
    },
    'ossDownloader.showLog': () => log.show(),
    'ossDownloader.openSettings': async () => {
      await vscode.commands.executeCommand('workbench.action.openSettings', configurationSection);
    },
  };
}

function completed(downloads: Downloads, id: string | undefined): DownloadSnapshot {
  const download = id === undefined ? undefined : downloads.find(id);
  if (download?.state.kind !== 'completed') {
    throw new AppError('download/notFound', `no finished download: ${id ?? 'none named'}`);
  }
  return download;
}
