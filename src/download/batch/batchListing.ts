import { defined } from '../../base/defined.ts';
import { backoffMs } from '../../base/backoff.ts';
import { toAppError } from '../../base/errors.ts';
import { needsRestore } from '../../oss/model.ts';
import type { ListedObject } from '../../oss/model.ts';
import type { ListPosition, Page } from '../../oss/objectLister.ts';
import type { KnownObject } from '../model.ts';
import { isNetworkGone, maxNetworkWaits, networkBackoff } from '../transfer/retry.ts';
import { knownOf } from './batchLedger.ts';
import type { BatchCursor } from './batchLedger.ts';
import type { BatchSource } from '../batchModel.ts';
import type { TakeLine } from './batchRecord.ts';
import type { BatchDeps } from './batchDeps.ts';

/** Object of a source. */
export interface SourceItem {
  readonly key: string;
  /** Folders below the batch's folder, and the file, by their names in OSS. */
  readonly names: readonly string[];
  /** Whether it is an empty object that represents a folder: `names` are those of the folder. */
  readonly isFolder: boolean;
  /** Whether a listing reported that it must be restored before it can be read. */
  readonly isArchived: boolean;
  readonly known?: KnownObject;
  /** Milliseconds since the epoch; absent if no listing reported it. */
  readonly modifiedMs?: number;
}

/** Object with the number of known objects after it. */
export interface ListedItem extends SourceItem {
  readonly ahead: Lookahead;
}

/** Objects that are listed and not submitted yet. */
export interface Lookahead {
  readonly objects: number;
  readonly bytes: number;
  /** Whether no objects follow them. */
  readonly isLast: boolean;
}

/**
 * Lists the objects of a source after the cursor, in the server's order. Fetches a page when the previous one is used
 * up, and waits while the network is unreachable.
 * @throws AppError of the listing
 */
export async function* listItems(
  source: BatchSource,
  cursor: BatchCursor,
  deps: BatchDeps,
  signal: AbortSignal,
): AsyncGenerator<ListedItem> {
  if (source.kind === 'object') {
    yield { ...selectedObject(source), ahead: { objects: 0, bytes: 0, isLast: true } };
    return;
  }
  let from: ListPosition | undefined = cursor.key === undefined ? undefined : { kind: 'afterKey', key: cursor.key };
  for (;;) {
    const page = await list(source, from, deps, signal);
    let bytes = page.items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    for (const [index, object] of page.items.entries()) {
      bytes -= object.sizeBytes;
      yield {
        ...listedBelow(source, object),
        ahead: { objects: page.items.length - index - 1, bytes, isLast: page.next === undefined },
      };
    }
    if (page.next === undefined) {
      return;
    }
    from = { kind: 'token', token: page.next };
  }
}

/** Restores the item of a record line, to choose its path again. */
export function itemOf(source: BatchSource, item: TakeLine): ListedItem {
  const known = knownOf(item);
  const names = source.kind === 'object' ? source.into : namesOf(source, item.key);
  return {
    key: item.key,
    names,
    isFolder: false,
    isArchived: false,
    ahead: { objects: 0, bytes: 0, isLast: true },
    ...defined({ known }),
  };
}

function namesOf({ prefix, into }: BatchSource & { kind: 'prefix' }, key: string): readonly string[] {
  const rest = key.slice(prefix.length);
  return rest === '' ? into : [...into, ...rest.split('/')];
}

/** Item of a selected object. */
export function selectedObject({
  ref,
  into,
  known,
  modifiedMs,
  isArchived = false,
}: BatchSource & { kind: 'object' }): SourceItem {
  return { key: ref.key, names: into, isFolder: false, isArchived, ...defined({ known, modifiedMs }) };
}

/** Item of an object listed below a prefix. */
export function listedBelow(source: BatchSource & { kind: 'prefix' }, object: ListedObject): SourceItem {
  const {
    ref: { key },
    sizeBytes,
    etag,
    lastModifiedMs,
    type,
  } = object;
  const isFolder = sizeBytes === 0 && (key === source.prefix || key.endsWith('/'));
  const names = namesOf(source, isFolder && key !== source.prefix ? key.slice(0, -1) : key);
  // A listing reports the size and ETag of a symbolic link itself, a GET those of its target.
  return {
    key,
    names,
    isFolder,
    isArchived: needsRestore(object),
    ...(type === 'Symlink' ? {} : { known: { sizeBytes, etag }, modifiedMs: lastModifiedMs }),
  };
}

async function list(
  { bucket, prefix }: BatchSource & { kind: 'prefix' },
  from: ListPosition | undefined,
  { host, clock, random, logger }: BatchDeps,
  signal: AbortSignal,
): Promise<Page<ListedObject>> {
  for (let waits = 1; ; waits += 1) {
    try {
      return await host.listObjects(bucket, prefix, from, signal);
    } catch (error) {
      const failure = toAppError(error);
      if (signal.aborted || !isNetworkGone(failure) || waits > maxNetworkWaits) {
        throw error;
      }
      logger.log('warn', `waiting for the network to go on listing, ${failure.code}: ${failure.message}`);
      await clock.delay(backoffMs(waits, networkBackoff, random), signal);
    }
  }
}
