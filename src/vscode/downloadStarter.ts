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

/** What was queued, by id. */
export type Added = ReadonlyMap<string, DownloadRequest>;

/**
 * Queues objects one after the other; `resolve` is asked where a file is already there.
 * The engine, not this, looks whether it is: between looking and writing there is no gap.
 *
 * @throws AppError `disk/*`; what was queued before stays queued and is handed to `onAdded`
 */
export async function queueDownloads(
  service: DownloadService,
  objects: readonly ObjectTarget[],
  destination: Destination,
  resolve: (file: string) => Promise<ConflictChoice>,
  onAdded: (added: Added) => void,
): Promise<void> {
  const added = new Map<string, DownloadRequest>();
  try {
    for (const request of requestsFor(objects, destination)) {
      const queued = await queueOne(service, request, resolve);
      if (queued !== undefined) {
        added.set(queued.id, queued.request);
      }
    }
  } finally {
    if (added.size > 0) {
      onAdded(added);
    }
  }
}

interface Queued {
  readonly id: string;
  readonly request: DownloadRequest;
}

/** A file that the user named in a save dialog may be replaced: the dialog has asked. */
function requestsFor(objects: readonly ObjectTarget[], destination: Destination): readonly DownloadRequest[] {
  const relative = relativeTargets(objects.map(({ ref }) => ref));
  return objects.map(({ ref, known }, index) => ({
    source: { kind: 'oss', object: ref },
    path: destination.kind === 'file' ? destination.path : path.join(destination.folder, relative[index] ?? ''),
    overwrite: destination.kind === 'file',
    ...(known === undefined ? {} : { known }),
  }));
}

async function queueOne(service: DownloadService, request: DownloadRequest, resolve: (file: string) => Promise<ConflictChoice>): Promise<Queued | undefined> {
  const queued = await tryAdd(service, request);
  if (queued !== undefined) {
    return queued;
  }
  switch (await resolve(request.path)) {
    case 'replace': {
      const replacing = { ...request, overwrite: true };
      return { id: await service.add(replacing), request: replacing };
    }
    case 'keepBoth':
      return queueNumbered(service, request);
    case 'skip':
      return undefined;
  }
}

async function queueNumbered(service: DownloadService, request: DownloadRequest): Promise<Queued> {
  for (let number = 1; number <= maxNumber; number += 1) {
    const queued = await tryAdd(service, { ...request, path: numberedPath(request.path, number) });
    if (queued !== undefined) {
      return queued;
    }
  }
  throw new AppError('disk/targetExists', `no free name beside: ${request.path}`, { details: { subject: request.path } });
}

/** @returns undefined when a file is already there */
async function tryAdd(service: DownloadService, request: DownloadRequest): Promise<Queued | undefined> {
  try {
    return { id: await service.add(request), request };
  } catch (error) {
    if (error instanceof AppError && error.code === 'disk/targetExists' && !request.overwrite) {
      return undefined;
    }
    throw error;
  }
}
