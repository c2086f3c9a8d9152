import * as vscode from 'vscode';
import { isActive, isFinal } from '../../download/downloadState.ts';
import type { DownloadState } from '../../download/downloadState.ts';
import type { CommandHandlers } from '../commands.ts';
import type { Downloads } from '../downloads.ts';
import type { Transfers } from '../transfers.ts';
import { canGoOn } from '../transferSummary.ts';
import { fileName, stateText } from '../transferTexts.ts';

type Ids =
  | 'ossDownloader.pauseDownload'
  | 'ossDownloader.resumeDownload'
  | 'ossDownloader.cancelDownload'
  | 'ossDownloader.removeDownload'
  | 'ossDownloader.pauseAll'
  | 'ossDownloader.resumeAll'
  | 'ossDownloader.clearFinished';

/** What can be done with downloads that are in the list; without an argument the user picks among those that it fits. */
export function transferCommands(downloads: Downloads, transfers: Transfers): Pick<CommandHandlers, Ids> {
  const each = async (ids: readonly string[], act: (id: string) => Promise<void>): Promise<void> => {
    await Promise.all(ids.map(act));
  };
  return {
    'ossDownloader.pauseDownload': async (id, selection) => {
      const service = await downloads.start();
      await each(await choose(downloads, isActive, vscode.l10n.t('Pause'), id, selection), (each) => service.pause(each));
    },
    'ossDownloader.resumeDownload': async (id, selection) => {
      await downloads.start();
      await transfers.resume(await choose(downloads, canGoOn, vscode.l10n.t('Resume'), id, selection), false);
    },
    'ossDownloader.cancelDownload': async (id, selection) => {
      const service = await downloads.start();
      await each(await choose(downloads, (state) => !isFinal(state), vscode.l10n.t('Cancel'), id, selection), (each) => service.cancel(each));
    },
    'ossDownloader.removeDownload': async (id, selection) => {
      const service = await downloads.start();
      await each(await choose(downloads, isFinal, vscode.l10n.t('Remove'), id, selection), (each) => service.remove(each));
    },
    'ossDownloader.pauseAll': async () => {
      const service = await downloads.start();
      await each(matching(downloads, isActive), (id) => service.pause(id));
    },
    'ossDownloader.resumeAll': async () => {
      await downloads.start();
      await transfers.resume(matching(downloads, canGoOn), false);
    },
    'ossDownloader.clearFinished': async () => {
      const service = await downloads.start();
      await each(matching(downloads, isFinal), (id) => service.remove(id));
    },
  };
}

function matching(downloads: Downloads, fits: (state: DownloadState) => boolean): readonly string[] {
  return downloads.all.filter(({ state }) => fits(state)).map(({ id }) => id);
}

/** The downloads that a command is meant for, among those that it fits. One that is named but gone is the engine's to refuse. */
async function choose(downloads: Downloads, fits: (state: DownloadState) => boolean, title: string, id: string | undefined, selection: readonly string[] | undefined): Promise<readonly string[]> {
  if (id !== undefined) {
    const named = selection !== undefined && selection.length > 0 ? selection : [id];
    return named.filter((each) => {
      const download = downloads.find(each);
      return download === undefined || fits(download.state);
    });
  }
  const items = downloads.all
    .filter(({ state }) => fits(state))
    .map((download) => ({ label: fileName(download.path), description: stateText(download, vscode.l10n), detail: download.path, id: download.id }));
  const [only] = items;
  if (items.length === 1 && only !== undefined) {
    return [only.id];
  }
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Choose downloads'), canPickMany: true, matchOnDetail: true });
  return (chosen ?? []).map((item) => item.id);
}
