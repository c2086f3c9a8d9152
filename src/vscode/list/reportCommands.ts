import path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../../base/errors.ts';
import type { Row } from './row.ts';
import type { CommandHandlers } from '../commands.ts';
import type { Downloads } from './downloadList.ts';
import { reportOf, reportBytes } from './report.ts';
import { visibleName } from '../ui/displayText.ts';
import { fallbackFolder } from '../ui/fileActions.ts';
import { offer } from '../ui/offer.ts';

type Ids = 'ossDownloader.exportReport' | 'ossDownloader.exportFullReport';

/** Commands that save the results of batches and downloads as CSV or JSON. */
export function reportCommands(downloads: Downloads): Pick<CommandHandlers, Ids> {
  return {
    'ossDownloader.exportReport': async (id, selection, file) => {
      await downloads.start();
      const ids = id === undefined ? undefined : selection !== undefined && selection.length > 0 ? selection : [id];
      await exportReport(
        downloads,
        ids === undefined ? downloads.all : ids.map((each) => required(downloads, each)),
        file,
      );
    },
    'ossDownloader.exportFullReport': async () => {
      await downloads.start();
      await exportReport(downloads, downloads.all, undefined);
    },
  };
}

async function exportReport(downloads: Downloads, rows: readonly Row[], given: vscode.Uri | undefined): Promise<void> {
  if (rows.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There are no downloads to report on.'));
    return;
  }
  const file = given ?? (await askFile(rows));
  if (file === undefined) {
    return;
  }
  const { batches } = await downloads.start();
  const reports = await Promise.all(rows.flatMap(({ kind, id }) => (kind === 'batch' ? [batches.report(id)] : [])));
  const report = reportOf(
    reports,
    rows.filter((row) => row.kind === 'download'),
    Date.now(),
    vscode.l10n,
  );
  await write(file, reportBytes(report, file.path));
  void offer('information', vscode.l10n.t('The report is in {0}.', visibleName(file.fsPath)), [
    [vscode.l10n.t('Open'), async () => vscode.commands.executeCommand('vscode.open', file)],
  ]);
}

/** @returns undefined when the user cancelled */
async function askFile(rows: readonly Row[]): Promise<vscode.Uri | undefined> {
  const [only] = rows;
  const folder = rows.length === 1 && only?.kind === 'batch' ? only.folder : fallbackFolder();
  const name = `oss-report-${new Date().toISOString().slice(0, 10)}.csv`;
  const filters = { CSV: ['csv'], JSON: ['json'] };
  return vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(path.join(folder, name)),
    filters,
    title: vscode.l10n.t('Export Report'),
    saveLabel: vscode.l10n.t('Export'),
  });
}

/** @throws AppError `disk/denied`, `disk/failed` */
async function write(file: vscode.Uri, bytes: Uint8Array): Promise<void> {
  try {
    await vscode.workspace.fs.writeFile(file, bytes);
  } catch (error) {
    const isDenied = error instanceof vscode.FileSystemError && error.code === 'NoPermissions';
    throw new AppError(isDenied ? 'disk/denied' : 'disk/failed', `the report cannot be written: ${String(error)}`, {
      details: { subject: file.fsPath },
      cause: error,
    });
  }
}

/** @throws AppError `download/notFound` */
function required(downloads: Downloads, id: string): Row {
  const row = downloads.find(id);
  if (row === undefined) {
    throw new AppError('download/notFound', `no such download: ${id}`);
  }
  return row;
}
