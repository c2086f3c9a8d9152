import { indexAfter } from '../objects/bucketObjects.ts';
import type { BucketObjects } from '../objects/bucketObjects.ts';
import { lowerBound, toBinary } from './keyOrder.ts';
import type { BinaryKey } from './keyOrder.ts';
import type { StoredEntry } from '../objects/storedObject.ts';

export interface ListQuery {
  readonly prefix: string;
  /** Empty: none. */
  readonly delimiter: string;
  readonly maxKeys: number;
  /** Where to go on; absent: from the prefix on. */
  readonly after: ListPosition | undefined;
}

/** The last thing listed: everything at or below it has been seen. */
export interface ListPosition {
  readonly key: BinaryKey;
  readonly isPrefix: boolean;
  /** Only where versions are listed: the last version of `key` that was; its older ones are still to come. */
  readonly versionId?: string;
}

export type ListedItem =
  | { readonly kind: 'entry'; readonly entry: StoredEntry; readonly isLatest: boolean }
  | { readonly kind: 'prefix'; readonly prefix: BinaryKey };

export interface ListResult {
  readonly items: readonly ListedItem[];
  /** Present when there is more. */
  readonly next: ListPosition | undefined;
}

/**
 * One page in OSS's order, by seeking: a folder of a million keys is passed in one step, and nothing is built but the
 * page.
 * @param withVersions all versions and delete markers, newest first a key; else current objects only
 */
export function listPage(objects: BucketObjects, query: ListQuery, withVersions: boolean): ListResult {
  const prefix = toBinary(query.prefix);
  const items: ListedItem[] = [];
  let last: ListPosition | undefined;
  let index = startIndex(objects, prefix, query.after);
  while (index < objects.count && objects.keyAt(index).startsWith(prefix)) {
    const key = objects.keyAt(index);
    const folder = folderOf(key, prefix, toBinary(query.delimiter));
    const found =
      folder === undefined
        ? entriesOf(objects, index, key, query.after, withVersions)
        : prefixItem(objects, index, folder, withVersions);
    for (const item of found) {
      if (items.length === query.maxKeys) {
        return { items, next: last };
      }
      items.push(item);
      last =
        item.kind === 'prefix'
          ? { key: item.prefix, isPrefix: true }
          : { key, isPrefix: false, ...(withVersions ? { versionId: item.entry.versionId } : {}) };
    }
    index = folder === undefined || found.length === 0 ? index + 1 : indexAfter(objects, folder, true);
  }
  return { items, next: undefined };
}

function startIndex(objects: BucketObjects, prefix: BinaryKey, after: ListPosition | undefined): number {
  const fromPrefix = lowerBound(objects, prefix);
  if (after === undefined) {
    return fromPrefix;
  }
  const sameKeyAgain = after.versionId !== undefined;
  return Math.max(
    fromPrefix,
    sameKeyAgain ? lowerBound(objects, after.key) : indexAfter(objects, after.key, after.isPrefix),
  );
}

/** Up to and including the first delimiter after the prefix. */
function folderOf(key: BinaryKey, prefix: BinaryKey, delimiter: BinaryKey): BinaryKey | undefined {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return at === -1 ? undefined : key.slice(0, at + delimiter.length);
}

/** A folder shows as soon as one thing in it does; a key with nothing to show is passed alone. */
function prefixItem(
  objects: BucketObjects,
  index: number,
  folder: BinaryKey,
  withVersions: boolean,
): readonly ListedItem[] {
  const visible = withVersions || objects.versionsAt(index)[0]?.kind === 'object';
  return visible ? [{ kind: 'prefix', prefix: folder }] : [];
}

function entriesOf(
  objects: BucketObjects,
  index: number,
  key: BinaryKey,
  after: ListPosition | undefined,
  withVersions: boolean,
): readonly ListedItem[] {
  const versions = objects.versionsAt(index);
  const all = versions.map((entry, age) => ({ kind: 'entry', entry, isLatest: age === 0 }) as const);
  if (!withVersions) {
    return all.slice(0, 1).filter((item) => item.entry.kind === 'object');
  }
  const seen = after?.key === key ? versions.findIndex((entry) => entry.versionId === after.versionId) : -1;
  return all.slice(seen + 1);
}
