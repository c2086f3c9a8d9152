import { raceAbort } from '../../base/abort.ts';
import { AppError } from '../../base/errors.ts';
import type { BucketLocation, ObjectRef } from '../../oss/model.ts';
import { formatOssPath } from '../../oss/ossPath.ts';
import { hasTrait } from '../errors/errorTraits.ts';
import type { BucketListings } from './bucketListings.ts';
import { pinnedNode, profileNode } from '../treeNodes.ts';
import type { BucketTreeNode, ListNode, ObjectNode } from '../treeNodes.ts';

/** The search gives up after this many pages of one listing: 20 of 500 rows. */
const maxPages = 20;

/**
 * Result of the search for a path. `notShown`: its bucket is neither listed nor pinned. `tooFar`: not within the
 * first `maxPages` pages of `parent`.
 */
export type Found =
  | { readonly kind: 'row'; readonly row: ListNode | ObjectNode }
  | { readonly kind: 'notShown' }
  | { readonly kind: 'tooFar'; readonly parent: ListNode };

/**
 * Finds the row of a bucket, folder or object, and fetches the pages of its ancestors. A path below a pinned folder
 * is searched there, since its bucket may not be readable.
 *
 * @param pins of the profile
 * @throws AppError `object/notFound`, or the error of a listing; `signal.reason` when aborted
 */
export async function findRow(
  listings: Pick<BucketListings, 'children' | 'loadMore'>,
  pins: readonly BucketLocation[],
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<Found> {
  const { profile, bucket, key } = ref;
  const around = pins
    .filter((pin) => pin.bucket === bucket && key.startsWith(pin.prefix ?? ''))
    .sort((a, b) => (b.prefix ?? '').length - (a.prefix ?? '').length)[0];
  let parent: ListNode | undefined = around === undefined ? undefined : pinnedNode(around);
  if (parent === undefined) {
    const row = await rowAmong(
      listings,
      profileNode(profile),
      (node) => node.kind === 'bucket' && node.bucket.bucket === bucket,
      () => false,
      signal,
    );
    if (row?.kind !== 'bucket') {
      return row === tooFar ? { kind: 'tooFar', parent: profileNode(profile) } : { kind: 'notShown' };
    }
    parent = row;
  }
  for (;;) {
    const prefix: string = parent.kind === 'prefix' ? parent.prefix : '';
    if (key === prefix) {
      return { kind: 'row', row: parent };
    }
    const slash = key.indexOf('/', prefix.length);
    const next = slash === -1 ? key : key.slice(0, slash + 1);
    const row: BucketTreeNode | typeof tooFar | undefined = await rowAmong(
      listings,
      parent,
      (node) => isNamed(node, next),
      (node) => isBehind(node, next),
      signal,
    );
    if (row === tooFar) {
      return { kind: 'tooFar', parent };
    }
    if (row?.kind === 'object' || (row?.kind === 'prefix' && slash === -1)) {
      return { kind: 'row', row };
    }
    if (row?.kind !== 'prefix') {
      const subject = formatOssPath({ bucket, key: next });
      throw new AppError('object/notFound', `no such folder or object: ${subject}`, { details: { subject } });
    }
    parent = row;
  }
}

const tooFar = { kind: 'tooFar' } as const;

/** @param isPast whether a row sorts after the wanted one, which ends the search */
async function rowAmong(
  listings: Pick<BucketListings, 'children' | 'loadMore'>,
  parent: ListNode,
  isWanted: (node: BucketTreeNode) => boolean,
  isPast: (node: BucketTreeNode) => boolean,
  signal: AbortSignal,
): Promise<BucketTreeNode | typeof tooFar | undefined> {
  for (let page = 1; ; page += 1) {
    const rows = await raceAbort(listings.children(parent), signal);
    const row = rows.find(isWanted);
    const last = rows.at(-1);
    if (row !== undefined) {
      return row;
    }
    // Without the right to list buckets, one can still be named.
    if (last?.kind === 'error' && !(parent.kind === 'profile' && hasTrait(last.error.code, 'forbidden'))) {
      throw last.error;
    }
    const lastListed = rows.at(-2);
    if (last?.kind !== 'more' || (lastListed !== undefined && isPast(lastListed))) {
      return undefined;
    }
    if (page >= maxPages) {
      return tooFar;
    }
    await raceAbort(listings.loadMore(parent), signal);
  }
}

/** Compares names; the trailing slash of a folder is optional. */
function isNamed(node: BucketTreeNode, name: string): boolean {
  return (
    (node.kind === 'object' && node.object.ref.key === name) ||
    (node.kind === 'prefix' && (node.prefix === name || node.prefix === `${name}/`))
  );
}

/** Compares as OSS sorts: by the bytes of UTF-8. */
function isBehind(node: BucketTreeNode, name: string): boolean {
  const key = node.kind === 'object' ? node.object.ref.key : node.kind === 'prefix' ? node.prefix : '';
  return Buffer.compare(Buffer.from(key), Buffer.from(name.endsWith('/') ? name : `${name}/`)) > 0;
}
