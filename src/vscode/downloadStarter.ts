import path from 'node:path';
import { AppError } from '../base/errors.ts';
import type { DownloadService } from '../download/downloadService.ts';
import type { DownloadRequest } from '../download/model.ts';
import type { ConflictChoice } from './conflict.ts';
import type { Destination } from './destination.ts';
import type { ObjectTarget } from './downloadTargets.ts';
import { numberedPath, relativeTargets } from './fileTargets.ts';

/** More files of one name in one folder are more likely a mistake than a wish. */
const maxNumber = 999;

/**
 * Queues objects one after the other; `resolve` is asked where a file is already there.
 * The engine, not this, looks whether it is: between looking and writing there is no gap.
 *
 * @throws AppError `disk/*`; what was queued before stays queued, and its ids are handed to `onAdded` all the same
 */
export async function queueDownloads(
  service: DownloadService,
  objects: readonly ObjectTarget[],
  destination: Destination,
  resolve: (file: string) => Promise<ConflictChoice>,
  onAdded: (ids: readonly string[]) => void,
): Promise<void> {
  const added: string[] = [];
  try {
    for (const request of requestsFor(objects, destination)) {
      const queued = await queueRequest(service, request, resolve);
      if (queued !== undefined) {
        added.push(queued);
      }
    }
  } finally {
    if (added.length > 0) {
      onAdded(added);
    }
  }
}

function requestsFor(objects: readonly ObjectTarget[], destination: Destination): readonly DownloadRequest[] {
  const relative = relativeTargets(objects.map(({ ref }) => ref));
  return objects.map(({ ref, known }, index) => ({
    source: { kind: 'oss', object: ref },
    ...placeOf(destination, relative[index] ?? ''),
    ...(known === undefined ? {} : { known }),
  }));
}

/** Where a file goes. One that the user named in a save dialog may be replaced: the dialog has asked. */
export function placeOf(destination: Destination, name: string): Pick<DownloadRequest, 'path' | 'overwrite'> {
  return destination.kind === 'file' ? { path: destination.path, overwrite: true } : { path: path.join(destination.folder, name), overwrite: false };
}

/** Queues one download, and asks where a file is already there. @returns its id, undefined for a skipped one @throws AppError `disk/*` */
export async function queueRequest(service: DownloadService, request: DownloadRequest, resolve: (file: string) => Promise<ConflictChoice>): Promise<string | undefined> {
  const queued = await tryAdd(service, request);
  if (queued !== undefined) {
    return queued;
  }
  switch (await resolve(request.path)) {
    case 'replace':
      return service.add({ ...request, overwrite: true });
    case 'keepBoth':
      return queueNumbered(service, request);
    case 'skip':
      return undefined;
  }
}

async function queueNumbered(service: DownloadService, request: DownloadRequest): Promise<string> {
  for (let number = 1; number <= maxNumber; number += 1) {
    const queued = await tryAdd(service, { ...request, path: numberedPath(request.path, number) });
    if (queued !== undefined) {
      return queued;
    }
  }
  throw new AppError('disk/targetExists', `no free name beside: ${request.path}`, { details: { subject: request.path } });
}

/** @returns the id, undefined when a file is already there */
async function tryAdd(service: DownloadService, request: DownloadRequest): Promise<string | undefined> {
  try {
    return await service.add(request);
  } catch (error) {
    if (error instanceof AppError && error.code === 'disk/targetExists' && !request.overwrite) {
      return undefined;
    }
    throw error;
  }
}
