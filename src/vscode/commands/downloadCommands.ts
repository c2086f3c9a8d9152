import path from 'node:path';
import * as vscode from 'vscode';
import type { BucketListings } from '../bucketListings.ts';
import type { CommandHandlers } from '../commands.ts';
import { ConflictQuestion } from '../conflict.ts';
import { pathOnDisk } from '../destination.ts';
import type { Destination, DestinationPicker } from '../destination.ts';
import { queueDownloads } from '../downloadStarter.ts';
import { readTargets } from '../downloadTargets.ts';
import type { NamedTargets, ObjectTarget } from '../downloadTargets.ts';
import type { Downloads } from '../downloads.ts';
import { localFileName } from '../../download/localPath.ts';
import { pickObject } from '../objectPicker.ts';
import { resolvePath } from '../profileChoice.ts';
import type { ProfileStore } from '../profileStore.ts';
import type { Transfers } from '../transfers.ts';
import { visibleName } from '../visibleName.ts';

export interface DownloadCommandParts {
  readonly profiles: ProfileStore;
  readonly listings: BucketListings;
  readonly downloads: Downloads;
  readonly transfers: Transfers;
  readonly destinations: DestinationPicker;
}

type Ids = 'ossDownloader.download' | 'ossDownloader.downloadTo' | 'ossDownloader.downloadHere';

/** Starting downloads: of what is selected in the tree, of a path that is passed, or of what the user then chooses. */
export function downloadCommands(parts: DownloadCommandParts): Pick<CommandHandlers, Ids> {
  return {
    'ossDownloader.download': async (target, selection) =>
      start(parts, await targetsOf(parts, target, selection), (objects) => parts.destinations.forDownload(describe(objects))),

    'ossDownloader.downloadTo': async (target, selection) =>
      start(parts, await targetsOf(parts, target, selection), (objects) => {
        const [first] = objects;
        return parts.destinations.ask(describe(objects), objects.length === 1 && first !== undefined ? localFileName(first.ref.key) : undefined);
      }),

    'ossDownloader.downloadHere': async (folder, _selection, object) => {
      const destination = folder === undefined ? undefined : ({ kind: 'folder', folder: pathOnDisk(folder) } as const);
      const title = destination === undefined ? undefined : vscode.l10n.t('Download an OSS object to {0}', path.basename(destination.folder));
      await start(parts, await targetsOf(parts, object, undefined, title), (objects) => destination ?? parts.destinations.forDownload(describe(objects)));
    },
  };
}

async function start(
  { downloads, transfers }: DownloadCommandParts,
  objects: readonly ObjectTarget[] | undefined,
  destinationFor: (objects: readonly ObjectTarget[]) => Destination | Promise<Destination | undefined>,
): Promise<void> {
  if (objects === undefined) {
    return;
  }
  if (objects.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Only objects can be downloaded. Select one or more of them.'));
    return;
  }
  const destination = await destinationFor(objects);
  if (destination === undefined) {
    return;
  }
  const service = await downloads.start();
  const conflicts = new ConflictQuestion(objects.length > 1);
  await queueDownloads(service, objects, destination, (file) => conflicts.ask(file), (ids) => transfers.follow(ids));
}

/** @returns undefined when the user gave up */
async function targetsOf(parts: DownloadCommandParts, target: unknown, selection: unknown, title?: string): Promise<readonly ObjectTarget[] | undefined> {
  const named = readTargets(target, selection) ?? (await ask(parts, title ?? vscode.l10n.t('Download an OSS object')));
  if (named === undefined) {
    return undefined;
  }
  const resolved: ObjectTarget[] = [...named.objects];
  for (const ossPath of named.paths) {
    const ref = await resolvePath(parts.profiles, ossPath);
    if (ref === undefined) {
      return undefined;
    }
    resolved.push({ ref });
  }
  return resolved;
}

async function ask({ listings, profiles }: DownloadCommandParts, title: string): Promise<NamedTargets | undefined> {
  const chosen = await pickObject(listings, profiles.names(), title);
  return chosen === undefined ? undefined : readTargets(chosen, undefined);
}

function describe(objects: readonly ObjectTarget[]): string {
  const [first] = objects;
  return objects.length === 1 && first !== undefined ? visibleName(localFileName(first.ref.key)) : vscode.l10n.t('{0} objects', objects.length);
}
