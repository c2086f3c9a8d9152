import * as vscode from 'vscode';
import type { Downloads } from './downloadList.ts';
import { pathOf } from './row.ts';
import type { Row } from './row.ts';
import { rowName, stateText } from './texts.ts';

export interface Choice {
  /** Rows to choose from without an argument; default all. */
  readonly offered?: readonly Row[];
  /** Ask even if only one row fits: for irreversible actions. */
  readonly alwaysAsks?: boolean;
}

/**
 * The downloads of a command: its arguments, or a picked one. The engine rejects an id that no longer exists.
 * @param id        also undefined for a row that was clicked while VS Code reloaded the list
 * @param selection rows of the selection that VS Code knows at that moment
 */
export async function chooseDownloads(
  downloads: Downloads,
  fits: (row: Row) => boolean,
  title: string,
  id: string | undefined,
  selection: readonly (string | undefined)[] | undefined,
  { offered = downloads.all, alwaysAsks = false }: Choice = {},
): Promise<readonly string[]> {
  if (id !== undefined) {
    const selected = (selection ?? []).filter((each) => each !== undefined);
    const named = selected.length > 0 ? selected : [id];
    return named.filter((each) => {
      const row = downloads.find(each);
      return row === undefined || fits(row);
    });
  }
  const items = offered
    .filter(fits)
    .map((row) => ({ label: rowName(row), description: stateText(row, vscode.l10n), detail: pathOf(row), id: row.id }));
  const [only] = items;
  if (items.length === 1 && only !== undefined && !alwaysAsks) {
    return [only.id];
  }
  // Refreshing the view takes the focus.
  const chosen = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: vscode.l10n.t('Choose downloads'),
    canPickMany: true,
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
  return (chosen ?? []).map((item) => item.id);
}
