import path from 'node:path';
import * as vscode from 'vscode';
import type { ObjectLister } from '../../oss/objectLister.ts';
import { batchPlanner } from './confirmBatch.ts';
import type { CommandHandlers } from '../commands.ts';
import { ConflictPrompt } from './conflict.ts';
import type { Destination, DestinationPicker } from './destination.ts';
import { queueDownloads } from './queueDownloads.ts';
import { batchLabel, batchItems } from './localLayout.ts';
import { chooseSelection } from './chooseObjects.ts';
import type { ObjectChoiceParts } from './chooseObjects.ts';
import type { Selection } from './selection.ts';
import type { Downloads } from '../list/downloadList.ts';
import { localFileName } from '../../download/files/localPath.ts';
import { readSetting } from '../settings/settings.ts';
import type { Transfers } from '../list/notifications.ts';
import { visibleName } from '../ui/displayText.ts';
import { pathOnDisk } from '../ui/fileActions.ts';
import { confirmBatch } from './batchPrompt.ts';

export interface DownloadCommandParts extends ObjectChoiceParts {
  readonly lister: Pick<ObjectLister, 'listObjects'>;
  readonly downloads: Downloads;
  readonly transfers: Transfers;
  readonly destinations: DestinationPicker;
}

type Ids = 'ossDownloader.download' | 'ossDownloader.downloadTo' | 'ossDownloader.downloadHere';

/** Commands that start downloads of the tree selection, of a path argument, or of objects chosen in a picker. */
export function downloadCommands(parts: DownloadCommandParts): Pick<CommandHandlers, Ids> {
  return {
    'ossDownloader.download': async (target, selection) =>
      start(parts, await chooseSelection(parts, target, selection, defaultTitle()), (selected) =>
        parts.destinations.forDownload(describe(selected)),
      ),

    'ossDownloader.downloadTo': async (target, selection) =>
      start(parts, await chooseSelection(parts, target, selection, defaultTitle()), (selected) => {
        const [object] = selected.objects;
        const name = object !== undefined && isOneObject(selected) ? localFileName(object.ref.key) : undefined;
        return parts.destinations.ask(describe(selected), name);
      }),

    'ossDownloader.downloadHere': async (folder, _selection, object) => {
      const destination = folder === undefined ? undefined : ({ kind: 'folder', folder: pathOnDisk(folder) } as const);
      const title =
        destination === undefined
          ? defaultTitle()
          : vscode.l10n.t('Download an OSS object to {0}', path.basename(destination.folder));
      await start(
        parts,
        await chooseSelection(parts, object, undefined, title),
        (selected) => destination ?? parts.destinations.forDownload(describe(selected)),
      );
    },
  };
}

async function start(
  { downloads, transfers, lister }: DownloadCommandParts,
  selected: Selection | undefined,
  destinationFor: (selected: Selection) => Destination | Promise<Destination | undefined>,
): Promise<void> {
  if (selected === undefined) {
    return;
  }
  const { objects, folders } = selected;
  if (objects.length + folders.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Select objects, folders or buckets to download.'));
    return;
  }
  const destination = await destinationFor(selected);
  if (destination === undefined) {
    return;
  }
  const service = await downloads.start();
  const conflict = readSetting('download.conflict');
  const rules = {
    invalidNames: readSetting('download.invalidNames'),
    preserveModified: readSetting('download.preserveModified'),
  };
  if (destination.kind === 'folder' && !isOneObject(selected)) {
    const label = batchLabel(selected, vscode.l10n);
    const request = await confirmBatch(
      { sources: batchItems(selected), folder: destination.folder, label, conflict, ...rules },
      batchPlanner(lister),
      vscode.l10n,
    );
    if (request !== undefined) {
      transfers.follow([await service.batches.add(request)]);
    }
    return;
  }
  const conflicts = new ConflictPrompt(false);
  const count = await queueDownloads(
    service,
    objects,
    destination,
    rules,
    (file, object) => conflicts.ask(file, object),
    (ids) => transfers.follow(ids),
  );
  if (count === 0 && conflict !== 'ask') {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('Nothing was downloaded: what is there is kept, as the settings say.'),
    );
  }
}

function defaultTitle(): string {
  return vscode.l10n.t('Download an OSS object');
}

/** One object becomes a single download; any other selection becomes a batch. */
function isOneObject({ objects, folders }: Selection): boolean {
  return objects.length === 1 && folders.length === 0;
}

function describe(selected: Selection): string {
  const [object] = selected.objects;
  return visibleName(
    object !== undefined && isOneObject(selected) ? localFileName(object.ref.key) : batchLabel(selected, vscode.l10n),
  );
}
