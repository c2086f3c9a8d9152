import type { StorageClass, StoredObject } from './storedObject.ts';

/** How long a restore takes, by storage class, in milliseconds. */
export type RestoreDurations = Readonly<Record<'Archive' | 'ColdArchive' | 'DeepColdArchive', number>>;

const minute = 60_000;
const day = 24 * 60 * minute;

/** OSS's own times: about a minute, 1 to 12 hours, 12 to 48 hours. */
export const usualRestoreMs: RestoreDurations = { Archive: minute, ColdArchive: 5 * 60 * minute, DeepColdArchive: day };

export type ArchiveClass = keyof RestoreDurations;

export function isArchived(storageClass: StorageClass): storageClass is ArchiveClass {
  return storageClass === 'Archive' || storageClass === 'ColdArchive' || storageClass === 'DeepColdArchive';
}

export type RestoreState = 'frozen' | 'ongoing' | 'restored';

/** State of an archived object; a restored one freezes again when its days are over. */
export function restoreState(object: StoredObject, nowMs: number): RestoreState {
  if (object.restore === undefined || nowMs >= object.restore.expiresMs) {
    return 'frozen';
  }
  return nowMs < object.restore.readyMs ? 'ongoing' : 'restored';
}

/** Value of `x-oss-restore` and of RestoreInfo in listings; undefined where there is none. */
export function restoreHeader(object: StoredObject, nowMs: number): string | undefined {
  switch (restoreState(object, nowMs)) {
    case 'frozen':
      return undefined;
    case 'ongoing':
      return 'ongoing-request="true"';
    case 'restored':
      return `ongoing-request="false", expiry-date="${new Date(object.restore!.expiresMs).toUTCString()}"`;
  }
}

/**
 * What `POST ?restore` does to an object that is archived.
 * @returns 202 when it starts, 200 when it is restored already (and stays so for the new number of days), 409 when
 * under way
 */
export function startRestore(
  object: StoredObject,
  storageClass: ArchiveClass,
  days: number,
  durations: RestoreDurations,
  nowMs: number,
): 200 | 202 | 409 {
  switch (restoreState(object, nowMs)) {
    case 'ongoing':
      return 409;
    case 'restored':
      object.restore = { readyMs: nowMs, expiresMs: nowMs + days * day };
      return 200;
    case 'frozen': {
      const readyMs = nowMs + durations[storageClass];
      object.restore = { readyMs, expiresMs: readyMs + days * day };
      return 202;
    }
  }
}
