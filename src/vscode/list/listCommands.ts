import * as vscode from 'vscode';
import type { CommandHandlers } from '../commands.ts';
import { chooseDownloads as choose } from './downloadChoice.ts';
import type { Downloads } from './downloadList.ts';
import type { Transfers } from './notifications.ts';
import { canGoOn, hasFailed, isActive, isFinal } from './row.ts';
import type { Row } from './row.ts';
import { configurationSection, viewIds } from '../ids.ts';
import type { LogChannel } from '../ui/logChannel.ts';

type Ids =
  | 'ossDownloader.pauseDownload'
  | 'ossDownloader.resumeDownload'
  | 'ossDownloader.downloadNext'
  | 'ossDownloader.retryDownload'
  | 'ossDownloader.retryFailed'
  | 'ossDownloader.cancelDownload'
  | 'ossDownloader.removeDownload'
  | 'ossDownloader.pauseAll'
  | 'ossDownloader.resumeAll'
  | 'ossDownloader.clearFinished';

/** Commands for rows of the Downloads view; without an argument the user picks a suitable row. */
export function transferCommands(downloads: Downloads, transfers: Transfers): Pick<CommandHandlers, Ids> {
  const each = async (ids: readonly string[], act: (id: string) => Promise<void>): Promise<void> => {
    await Promise.all(ids.map(act));
  };
  return {
    'ossDownloader.pauseDownload': async (id, selection) => {
      await downloads.start();
      await each(await choose(downloads, isActive, vscode.l10n.t('Pause'), id, selection), (each) =>
        downloads.act('pause', each),
      );
    },
    'ossDownloader.resumeDownload': async (id, selection) => {
      await downloads.start();
      await transfers.resume(await choose(downloads, canGoOn, vscode.l10n.t('Resume'), id, selection), false);
    },
    'ossDownloader.downloadNext': async (id, selection) => {
      const service = await downloads.start();
      const chosen = await choose(downloads, isQueued, vscode.l10n.t('Download Next'), id, selection, {
        offered: downloads.single,
      });
      const position = new Map(downloads.single.map((download, index) => [download.id, index]));
      // Each goes to the front of the queue, so in reverse order: they keep their sequence.
      for (const each of [...chosen].sort((a, b) => (position.get(b) ?? -1) - (position.get(a) ?? -1))) {
        await service.prioritize(each);
      }
    },
    'ossDownloader.retryDownload': async (id, selection) => {
      await downloads.start();
      await transfers.resume(await choose(downloads, hasFailed, vscode.l10n.t('Retry'), id, selection), false);
    },
    'ossDownloader.retryFailed': async () => {
      await downloads.start();
      await transfers.resume(matching(downloads, hasFailed), false);
    },
    'ossDownloader.cancelDownload': async (id, selection) => {
      await downloads.start();
      await each(
        await choose(downloads, (row) => !isFinal(row), vscode.l10n.t('Cancel'), id, selection, { alwaysAsks: true }),
        (each) => downloads.act('cancel', each),
      );
    },
    'ossDownloader.removeDownload': async (id, selection) => {
      await downloads.start();
      await each(
        await choose(downloads, isFinal, vscode.l10n.t('Remove'), id, selection, { alwaysAsks: true }),
        (each) => downloads.act('remove', each),
      );
    },
    'ossDownloader.pauseAll': async () => {
      await downloads.start();
      await each(matching(downloads, isActive), (id) => downloads.act('pause', id));
    },
    'ossDownloader.resumeAll': async () => {
      await downloads.start();
      await transfers.resume(matching(downloads, canGoOn), false);
    },
    'ossDownloader.clearFinished': async () => {
      await downloads.start();
      await each(matching(downloads, isFinal), (id) => downloads.act('remove', id));
    },
  };
}

function isQueued({ state }: Row): boolean {
  return state.kind === 'queued';
}

function matching(downloads: Downloads, fits: (row: Row) => boolean): readonly string[] {
  return downloads.all.filter(fits).map(({ id }) => id);
}

type GeneralIds = 'ossDownloader.showDownloads' | 'ossDownloader.showLog' | 'ossDownloader.openSettings';

/** Commands that open the Downloads view, the log and the settings. */
export function generalCommands(log: LogChannel): Pick<CommandHandlers, GeneralIds> {
  return {
    'ossDownloader.showDownloads': async () => {
      await vscode.commands.executeCommand(`${viewIds.downloads}.focus`);
    },
    'ossDownloader.showLog': () => log.show(),
    'ossDownloader.openSettings': async () => {
      await vscode.commands.executeCommand('workbench.action.openSettings', configurationSection);
    },
  };
}
