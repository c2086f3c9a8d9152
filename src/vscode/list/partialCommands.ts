import path from 'node:path';
import * as vscode from 'vscode';
import type { CommandHandlers } from '../commands.ts';
import type { Downloads } from './downloadList.ts';
import { downloadOfPartial } from './partials.ts';
import type { Transfers } from './notifications.ts';
import { canGoOn } from './row.ts';
import { visibleName } from '../ui/displayText.ts';
import { pathOnDisk } from '../ui/fileActions.ts';

type Ids = 'ossDownloader.resumePartial' | 'ossDownloader.discardPartial';

/** Commands for partial files in the file explorer. */
export function partialCommands(downloads: Downloads, transfers: Transfers): Pick<CommandHandlers, Ids> {
  return {
    'ossDownloader.resumePartial': async (file, selection) => {
      await downloads.start();
      const files = filesOf(file, selection);
      const found = files.flatMap((each) => downloadOfPartial(downloads.all, pathOnDisk(each)) ?? []);
      await transfers.resume(
        found.filter(canGoOn).map(({ id }) => id),
        true,
      );
      if (found.length < files.length) {
        void vscode.window.showWarningMessage(
          vscode.l10n.t(
            'No download in the list belongs to {0}. Download its object again to the same folder, or discard the ' +
              'partial.',
            namesOf(files.filter((each) => downloadOfPartial(downloads.all, pathOnDisk(each)) === undefined)),
          ),
        );
      }
    },

    'ossDownloader.discardPartial': async (file, selection) => {
      const service = await downloads.start();
      const files = filesOf(file, selection);
      const discard = vscode.l10n.t('Discard');
      const question =
        files.length === 0
          ? undefined
          : vscode.l10n.t('Discard {0}? What has been downloaded of it is deleted.', namesOf(files));
      if (
        question === undefined ||
        (await vscode.window.showWarningMessage(question, { modal: true }, discard)) !== discard
      ) {
        return;
      }
      for (const each of files) {
        const download = downloadOfPartial(downloads.all, pathOnDisk(each));
        // A partial file without a download is deleted like any other file.
        await (download === undefined ? vscode.workspace.fs.delete(each) : service.cancel(download.id));
      }
    },
  };
}

/** The partial files of a selection, which may contain other files. */
function filesOf(file: vscode.Uri | undefined, selection: unknown): readonly vscode.Uri[] {
  const selected = Array.isArray(selection) ? selection.filter((each) => each instanceof vscode.Uri) : [];
  const files = selected.length > 0 ? selected : file === undefined ? [] : [file];
  return files.filter((each) => each.path.endsWith('.ossdownload'));
}

function namesOf(files: readonly vscode.Uri[]): string {
  return files.map((file) => visibleName(path.basename(file.fsPath))).join(', ');
}
