import { defined } from '../../base/defined.ts';
import path from 'node:path';
import { AppError } from '../../base/errors.ts';
import type { DownloadService } from '../../download/downloadService.ts';
import type { DownloadRequest, InvalidNames } from '../../download/model.ts';
import type { ExistingFileAction } from '../../download/files/existingFile.ts';
import { numberedPaths } from '../../download/files/localPath.ts';
import { hasTrait } from '../errors/errorTraits.ts';
import type { Destination } from './destination.ts';
import type { SelectedObject } from './selection.ts';
import { relativePaths } from './localLayout.ts';

/** Rules for writing objects to disk. */
export interface WriteRules {
  readonly invalidNames: InvalidNames;
  readonly preserveModified: boolean;
  /** Whether downloads of archived objects wait for the restore. */
  readonly awaitRestore?: true;
}

/** Decides what to do with an existing file. */
export type ResolveConflict = (file: string, object: SelectedObject) => Promise<ExistingFileAction>;

/**
 * Queues objects in sequence, each as a separate download; `resolve` decides about existing files.
 * The engine makes the check, which leaves no gap between check and write.
 *
 * @returns the number of queued objects
 * @throws AppError `input/invalidName`, `disk/*`; earlier objects stay queued, and `onAdded` has received their ids
 */
export async function queueDownloads(
  service: DownloadService,
  objects: readonly SelectedObject[],
  destination: Destination,
  rules: WriteRules,
  resolve: ResolveConflict,
  onAdded: (ids: readonly string[]) => void | Promise<void>,
): Promise<number> {
  const added: string[] = [];
  try {
    for (const [request, object] of requestsFor(objects, destination, rules)) {
      const queued = await queueRequest(service, request, (file) => resolve(file, object));
      if (queued !== undefined) {
        added.push(queued);
      }
    }
  } finally {
    if (added.length > 0) {
      await onAdded(added);
    }
  }
  return added.length;
}

function requestsFor(
  objects: readonly SelectedObject[],
  destination: Destination,
  { invalidNames, preserveModified, awaitRestore }: WriteRules,
): readonly (readonly [DownloadRequest, SelectedObject])[] {
  const refs = objects.map(({ ref }) => ref);
  const relative = destination.kind === 'file' ? [] : relativePaths(refs, invalidNames);
  return objects.map((object, index) => {
    const { ref, known } = object;
    const request: DownloadRequest = {
      source: { kind: 'oss', object: ref },
      ...pathIn(destination, relative[index] ?? ''),
      preserveModified,
      // The listing is outdated after a restore, so the engine sends a HEAD request.
      ...(awaitRestore === true ? { awaitRestore } : defined({ known })),
    };
    return [request, object];
  });
}

/** Path of a file. One named in a save dialog may be overwritten: the dialog has asked. */
export function pathIn(destination: Destination, name: string): Pick<DownloadRequest, 'path' | 'overwrite'> {
  return destination.kind === 'file'
    ? { path: destination.path, overwrite: true }
    : { path: path.join(destination.folder, name), overwrite: false };
}

/**
 * Queues one download; `resolve` decides about an existing file.
 * @returns its id, undefined if skipped
 * @throws AppError `disk/*`
 */
export async function queueRequest(
  service: DownloadService,
  request: DownloadRequest,
  resolve: (file: string) => Promise<ExistingFileAction>,
): Promise<string | undefined> {
  const queued = await tryAdd(service, request);
  if (queued !== undefined) {
    return queued;
  }
  switch (await resolve(request.path)) {
    case 'overwrite':
      return service.add({ ...request, overwrite: true });
    case 'rename':
      return queueNumbered(service, request);
    case 'skip':
      return undefined;
  }
}

async function queueNumbered(service: DownloadService, request: DownloadRequest): Promise<string> {
  for (const path of numberedPaths(request.path)) {
    const queued = await tryAdd(service, { ...request, path });
    if (queued !== undefined) {
      return queued;
    }
  }
  throw new AppError('disk/targetExists', `no free name beside: ${request.path}`, {
    details: { subject: request.path },
  });
}

/** @returns the id, undefined when the file exists */
async function tryAdd(service: DownloadService, request: DownloadRequest): Promise<string | undefined> {
  try {
    return await service.add(request);
  } catch (error) {
    if (error instanceof AppError && hasTrait(error.code, 'fileExists') && !request.overwrite) {
      return undefined;
    }
    throw error;
  }
}
