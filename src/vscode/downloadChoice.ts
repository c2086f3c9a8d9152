import * as vscode from 'vscode';
import type { DownloadState } from '../download/downloadState.ts';
import type { ListedDownload } from './batchRow.ts';
import type { Downloads } from './downloads.ts';
import { rowName, stateText } from './transferTexts.ts';

/**
 * The downloads that a command is meant for, among those that it fits. One that is named but gone is the engine's to refuse.
 * @param offered what the user chooses from where none is named
 */
export async function chooseDownloads(
  downloads: Downloads,
  fits: (state: DownloadState, row: ListedDownload) => boolean,
  title: string,
  id: string | undefined,
  selection: readonly string[] | undefined,
  offered: readonly ListedDownload[] = downloads.all,
): Promise<readonly string[]> {
  if (id !== undefined) {
    const named = selection !== undefined && selection.length > 0 ? selection : [id];
    return named.filter((each) => {
      const download = downloads.find(each);
      return download === undefined || fits(download.state, download);
    });
  }
  const items = offered
    .filter((download) => fits(download.state, download))
    .map((download) => ({ label: rowName(download), description: stateText(download, vscode.l10n), detail: download.path, id: download.id }));
  const [only] = items;
  if (items.length === 1 && only !== undefined) {
    return [only.id];
  }
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Choose downloads'), canPickMany: true, matchOnDetail: true });
  return (chosen ?? []).map((item) => item.id);
}
