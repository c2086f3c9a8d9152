import * as vscode from 'vscode';
import type { Downloads } from './downloadList.ts';
import { pathOf } from './row.ts';
import type { Row } from './row.ts';
import { rowName, stateText } from './texts.ts';

export interface Choice {
  /** What the user chooses from where none is named; default all. */
  readonly offered?: readonly Row[];
  /** Ask even if only one row fits: for irreversible actions. */
  readonly alwaysAsks?: boolean;
}

/**
 * The downloads that a command is meant for, among those that it fits. One that is named but gone is the engine's to
 * refuse.
 * @param id        undefined also where a row was clicked while VS Code asked for the list again
 * @param selection what of it VS Code knows at that moment
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
  // A list that is drawn again takes the focus back.
  const chosen = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: vscode.l10n.t('Choose downloads'),
    canPickMany: true,
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
  return (chosen ?? []).map((item) => item.id);
}
