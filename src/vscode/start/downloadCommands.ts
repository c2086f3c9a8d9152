import path from 'node:path';
import * as vscode from 'vscode';
import type { ObjectLister } from '../../oss/objectLister.ts';
import { batchPlanner } from './confirmBatch.ts';
import type { BucketListings } from '../browse/bucketListings.ts';
import type { CommandHandlers } from '../commands.ts';
import { ConflictQuestion } from './conflict.ts';
import { objectCount } from '../ui/localFormat.ts';
import type { Destination, DestinationPicker } from './destination.ts';
import { queueDownloads } from './queueDownloads.ts';
import { batchLabel, batchSources } from './localLayout.ts';
import { joinTargets, pathOf, readTargets, targetOf } from './selection.ts';
import type { NamedTargets, Targets } from './selection.ts';
import type { Downloads } from '../list/downloadList.ts';
import { localFileName } from '../../download/files/localPath.ts';
import { pickObject } from '../browse/objectPicker.ts';
import { resolvePath } from '../profiles/profileChoice.ts';
import type { ProfileStore } from '../profiles/profileStore.ts';
import { readSetting } from '../settings/settings.ts';
import type { Transfers } from '../list/notifications.ts';
import { visibleName } from '../ui/displayText.ts';
import { pathOnDisk } from '../ui/fileActions.ts';
import { agreedBatch } from './batchQuestion.ts';

export interface DownloadCommandParts {
  readonly profiles: ProfileStore;
  readonly listings: BucketListings;
  readonly lister: Pick<ObjectLister, 'listObjects'>;
  readonly downloads: Downloads;
  readonly transfers: Transfers;
  readonly destinations: DestinationPicker;
}

type Ids = 'ossDownloader.download' | 'ossDownloader.downloadTo' | 'ossDownloader.downloadHere';

/** Starting downloads: of what is selected in the tree, of a path that is passed, or of what the user then chooses. */
export function downloadCommands(parts: DownloadCommandParts): Pick<CommandHandlers, Ids> {
  return {
    'ossDownloader.download': async (target, selection) =>
      start(parts, await targetsOf(parts, target, selection), (targets) =>
        parts.destinations.forDownload(describe(targets)),
      ),

    'ossDownloader.downloadTo': async (target, selection) =>
      start(parts, await targetsOf(parts, target, selection), (targets) => {
        const {
          objects: [first, ...more],
          folders,
        } = targets;
        return parts.destinations.ask(
          describe(targets),
          first !== undefined && more.length + folders.length === 0 ? localFileName(first.ref.key) : undefined,
        );
      }),

    'ossDownloader.downloadHere': async (folder, _selection, object) => {
      const destination = folder === undefined ? undefined : ({ kind: 'folder', folder: pathOnDisk(folder) } as const);
      const title =
        destination === undefined
          ? undefined
          : vscode.l10n.t('Download an OSS object to {0}', path.basename(destination.folder));
      await start(
        parts,
        await targetsOf(parts, object, undefined, title),
        (targets) => destination ?? parts.destinations.forDownload(describe(targets)),
      );
    },
  };
}

async function start(
  { downloads, transfers, lister }: DownloadCommandParts,
  targets: Targets | undefined,
  destinationFor: (targets: Targets) => Destination | Promise<Destination | undefined>,
): Promise<void> {
  if (targets === undefined) {
    return;
  }
  const { objects, folders } = targets;
  if (objects.length + folders.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Select objects, folders or buckets to download.'));
    return;
  }
  const destination = await destinationFor(targets);
  if (destination === undefined) {
    return;
  }
  const service = await downloads.start();
  const conflict = readSetting('download.conflict');
  const rules = {
    invalidNames: readSetting('download.invalidNames'),
    preserveModified: readSetting('download.preserveModified'),
  };
  if (folders.length > 0 && destination.kind === 'folder') {
    const label = batchLabel(targets, (count) => vscode.l10n.t('{0} selected items', count));
    const request = await agreedBatch(
      { sources: batchSources(targets), folder: destination.folder, label, conflict, ...rules },
      batchPlanner(lister),
      vscode.l10n,
    );
    if (request !== undefined) {
      transfers.follow([await service.batches.add(request)]);
    }
    return;
  }
  const conflicts = new ConflictQuestion(objects.length > 1);
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

/** @returns undefined when the user gave up */
async function targetsOf(
  parts: DownloadCommandParts,
  target: unknown,
  selection: unknown,
  title?: string,
): Promise<Targets | undefined> {
  const named = readTargets(target, selection) ?? (await ask(parts, title ?? vscode.l10n.t('Download an OSS object')));
  if (named === undefined) {
    return undefined;
  }
  const resolved: Targets[] = [named];
  for (const ossPath of named.paths) {
    const ref = await resolvePath(parts.profiles, ossPath);
    if (ref === undefined) {
      return undefined;
    }
    resolved.push(targetOf(ref));
  }
  return joinTargets(resolved);
}

async function ask({ listings, profiles }: DownloadCommandParts, title: string): Promise<NamedTargets | undefined> {
  const chosen = await pickObject(listings, profiles.names(), title);
  return chosen === undefined ? undefined : readTargets(chosen, undefined);
}

function describe(targets: Targets): string {
  const {
    objects: [first, ...more],
    folders: [folder, ...others],
  } = targets;
  if (first === undefined && folder !== undefined && others.length === 0) {
    return visibleName(pathOf(folder));
  }
  if (folder !== undefined) {
    return vscode.l10n.t('{0} selected items', targets.objects.length + targets.folders.length);
  }
  return first !== undefined && more.length === 0
    ? visibleName(localFileName(first.ref.key))
    : objectCount(targets.objects.length, vscode.l10n);
}
