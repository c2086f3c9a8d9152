import { defined } from '../base/defined.ts';
import { AppError } from '../base/errors.ts';
import type { Bucket, BucketLocation, BucketRef, ListedObject, ObjectRef } from '../oss/model.ts';
import type { Profile } from '../oss/profile.ts';

/** A node that has a listing below it. */
export type ListNode =
  | { readonly kind: 'profile'; readonly id: string; readonly profile: string }
  | { readonly kind: 'bucket'; readonly id: string; readonly bucket: BucketRef; readonly listed?: Bucket }
  | PrefixNode;

export interface PrefixNode {
  readonly kind: 'prefix';
  readonly id: string;
  readonly bucket: BucketRef;
  readonly prefix: string;
  readonly parentPrefix: string;
  /** The pinned prefix that it is shown as or below; absent below its bucket. */
  readonly root?: string;
}

export interface ObjectNode {
  readonly kind: 'object';
  readonly id: string;
  readonly object: ListedObject;
  readonly parentPrefix: string;
  /** As of a prefix. */
  readonly root?: string;
}

/** Stands at the end of a page that is not the last. */
export interface MoreNode {
  readonly kind: 'more';
  readonly id: string;
  readonly parent: ListNode;
}

/** Stands where a page could not be fetched, or, without a parent, where the settings could not be read. */
export interface ErrorNode {
  readonly kind: 'error';
  readonly id: string;
  readonly parent: ListNode | undefined;
  readonly error: AppError;
}

/**
 * `empty`: nothing below a bucket or prefix. `noMatch`: nothing that its filter lets through. `noBuckets`: nothing was
 * listed and nothing pinned. `addBucket`: only pinned ones can be shown.
 */
export interface NoteNode {
  readonly kind: 'note';
  readonly id: string;
  readonly parent: ListNode;
  readonly note: 'empty' | 'noMatch' | 'noBuckets' | 'addBucket';
}

export type BucketTreeNode = ListNode | ObjectNode | MoreNode | ErrorNode | NoteNode;

export type NodeKind = BucketTreeNode['kind'];

/**
 * Unique and stable: an object `a` and a prefix `a/`, two profiles' buckets of one name, or a folder below its bucket
 * and below a pinned one never share one.
 */
export function nodeId(kind: NodeKind, profile: string, bucket = '', key = '', root?: string): string {
  return JSON.stringify([kind, profile, bucket, key, ...(root === undefined ? [] : [root])]);
}

/** The JSON that `nodeId` writes. */
type NodeIdParts = readonly [kind: string, profile: string, bucket: string, key?: string, root?: string];

/** The node of this id is `node` or lies below it. */
export function isWithin(id: string, node: ListNode): boolean {
  const [kind, profile, bucket, key = '', root] = JSON.parse(id) as NodeIdParts;
  switch (node.kind) {
    case 'profile':
      return profile === node.profile;
    case 'bucket':
      return (
        kind !== 'profile' && profile === node.bucket.profile && bucket === node.bucket.bucket && root === undefined
      );
    case 'prefix':
      return (
        kind === 'prefix' &&
        profile === node.bucket.profile &&
        bucket === node.bucket.bucket &&
        root === node.root &&
        key.startsWith(node.prefix)
      );
  }
}

export function profileNode(profile: string): ListNode {
  return { kind: 'profile', id: nodeId('profile', profile), profile };
}

export function bucketNode(bucket: BucketRef, listed?: Bucket): ListNode {
  const id = nodeId('bucket', bucket.profile, bucket.bucket);
  return { kind: 'bucket', id, bucket, ...defined({ listed }) };
}

/** @param root the pinned prefix below which it is shown; absent below its bucket */
export function prefixNode(bucket: BucketRef, prefix: string, parentPrefix: string, root?: string): PrefixNode {
  const id = nodeId('prefix', bucket.profile, bucket.bucket, prefix, root);
  return { kind: 'prefix', id, bucket, prefix, parentPrefix, ...defined({ root }) };
}

/** @param root as of `prefixNode` */
export function objectNode(object: ListedObject, parentPrefix: string, root?: string): ObjectNode {
  const { profile, bucket, key } = object.ref;
  return {
    kind: 'object',
    id: nodeId('object', profile, bucket, key, root),
    object,
    parentPrefix,
    ...defined({ root }),
  };
}

/** The row of a pinned bucket or folder, which stands before the listed ones. */
export function pinnedNode({ prefix, ...bucket }: BucketLocation): ListNode {
  return prefix === undefined ? bucketNode(bucket) : prefixNode(bucket, prefix, parentPrefixOf(prefix), prefix);
}

/** The prefix that another one lies directly in; empty for the bucket. */
export function parentPrefixOf(prefix: string): string {
  return prefix.replace(/[^/]*\/$/, '');
}

/** A pinned folder's own row, not one below it. */
export function isPinnedRoot(node: PrefixNode): boolean {
  return node.root === node.prefix;
}

/** The node that tells something about `parent`'s listing. */
export function moreNode(parent: ListNode): MoreNode {
  return { kind: 'more', id: `more${parent.id}`, parent };
}

export function errorNode(parent: ListNode, error: AppError): ErrorNode {
  return { kind: 'error', id: `error${parent.id}`, parent, error };
}

/** Stands for an entry of the settings that cannot be used. */
export function settingsErrorNode(problem: string, index: number): ErrorNode {
  const error = new AppError('input/invalidProfile', problem, { details: { subject: problem } });
  return { kind: 'error', id: `settings${index}`, parent: undefined, error };
}

export function noteNode(parent: ListNode, note: NoteNode['note']): NoteNode {
  return { kind: 'note', id: `${note}${parent.id}`, parent, note };
}

/** The profile that a node belongs to; undefined for what stands above all profiles. */
export function profileOf(node: BucketTreeNode): string | undefined {
  switch (node.kind) {
    case 'profile':
      return node.profile;
    case 'bucket':
    case 'prefix':
      return node.bucket.profile;
    case 'object':
      return node.object.ref.profile;
    case 'more':
    case 'error':
    case 'note':
      return node.parent === undefined ? undefined : profileOf(node.parent);
  }
}

/**
 * The bucket or folder that a row is, or tells something about; undefined for profiles, objects and what stands above
 * them.
 */
export function bucketPlaceOf(node: BucketTreeNode): BucketLocation | undefined {
  switch (node.kind) {
    case 'bucket':
      return bareBucket(node.bucket);
    case 'prefix':
      return { ...bareBucket(node.bucket), prefix: node.prefix };
    case 'more':
    case 'error':
    case 'note':
      return node.parent === undefined ? undefined : bucketPlaceOf(node.parent);
    case 'profile':
    case 'object':
      return undefined;
  }
}

/** A listed bucket has more to it. */
export function bareBucket({ profile, bucket, region }: BucketRef): BucketRef {
  return { profile, bucket, ...defined({ region }) };
}

/**
 * The row that another one stands below, known by its id; undefined for a profile, and for an error of the settings.
 */
export function parentOf(node: BucketTreeNode): ListNode | undefined {
  switch (node.kind) {
    case 'profile':
      return undefined;
    case 'bucket':
      return profileNode(node.bucket.profile);
    case 'prefix':
      return isPinnedRoot(node) ? profileNode(node.bucket.profile) : folder(node.bucket, node.parentPrefix, node.root);
    case 'object':
      return folder(node.object.ref, node.parentPrefix, node.root);
    case 'more':
    case 'error':
    case 'note':
      return node.parent;
  }
}

function folder(ref: BucketRef, prefix: string, root: string | undefined): ListNode {
  const bucket = bareBucket(ref);
  return prefix === '' ? bucketNode(bucket) : prefixNode(bucket, prefix, parentPrefixOf(prefix), root);
}

/**
 * What the download commands accept: an `oss://` path of an object, folder or bucket, an object, or a node of the
 * Buckets view.
 */
export type DownloadTarget = string | ObjectRef | BucketTreeNode;

/** What the tree needs to know of the user's profiles. */
export interface BrowsableProfiles {
  profile(name: string): Profile;
  /** Buckets and folders that the user named or pinned, in their order. */
  pinned(profile: string): readonly BucketLocation[];
}
