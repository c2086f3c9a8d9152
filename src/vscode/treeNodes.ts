import { defined } from '../base/defined.ts';
import { AppError } from '../base/errors.ts';
import type { Bucket, BucketLocation, BucketRef, ListedObject, ObjectRef } from '../oss/model.ts';
import type { Profile } from '../oss/profile.ts';

/** A node with a listing. */
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
  /** The pinned prefix that contains the row; absent below its bucket. */
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

/** Last row of a listing with further pages. */
export interface MoreNode {
  readonly kind: 'more';
  readonly id: string;
  readonly parent: ListNode;
}

/** Row for a page that could not be fetched or, without a parent, for an invalid settings entry. */
export interface ErrorNode {
  readonly kind: 'error';
  readonly id: string;
  readonly parent: ListNode | undefined;
  readonly error: AppError;
}

/**
 * `empty`: nothing below a bucket or prefix. `noMatch`: nothing matches the filter. `noBuckets`: none listed, none
 * pinned. `addBucket`: only pinned buckets can be shown.
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
 * Unique and stable id. An object `a` and a prefix `a/`, buckets of the same name in two profiles, or a folder below
 * its bucket and below a pinned folder have different ids.
 */
export function nodeId(kind: NodeKind, profile: string, bucket = '', key = '', root?: string): string {
  return JSON.stringify([kind, profile, bucket, key, ...(root === undefined ? [] : [root])]);
}

/** Content of the JSON that `nodeId` returns. */
type NodeIdParts = readonly [kind: string, profile: string, bucket: string, key?: string, root?: string];

/** Whether the id belongs to `node` or a descendant. */
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

/** @param root the pinned prefix that contains the row; absent below its bucket */
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

/** The row of a pinned bucket or folder, shown before the listed buckets. */
export function pinnedNode({ prefix, ...bucket }: BucketLocation): ListNode {
  return prefix === undefined ? bucketNode(bucket) : prefixNode(bucket, prefix, parentPrefixOf(prefix), prefix);
}

/** The parent prefix; empty for the bucket. */
export function parentPrefixOf(prefix: string): string {
  return prefix.replace(/[^/]*\/$/, '');
}

/** Whether the node is the row of a pinned folder itself. */
export function isPinnedRoot(node: PrefixNode): boolean {
  return node.root === node.prefix;
}

/** The row that loads the next page of `parent`. */
export function moreNode(parent: ListNode): MoreNode {
  return { kind: 'more', id: `more${parent.id}`, parent };
}

export function errorNode(parent: ListNode, error: AppError): ErrorNode {
  return { kind: 'error', id: `error${parent.id}`, parent, error };
}

/** The row of an invalid settings entry. */
export function settingsErrorNode(problem: string, index: number): ErrorNode {
  const error = new AppError('input/invalidProfile', problem, { details: { subject: problem } });
  return { kind: 'error', id: `settings${index}`, parent: undefined, error };
}

export function noteNode(parent: ListNode, note: NoteNode['note']): NoteNode {
  return { kind: 'note', id: `${note}${parent.id}`, parent, note };
}

/** The profile of a node; undefined for rows above the profiles. */
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
 * The bucket or folder of a row, or of the row that a note or error belongs to; undefined for profiles and objects.
 */
export function bucketLocationOf(node: BucketTreeNode): BucketLocation | undefined {
  switch (node.kind) {
    case 'bucket':
      return bareBucket(node.bucket);
    case 'prefix':
      return { ...bareBucket(node.bucket), prefix: node.prefix };
    case 'more':
    case 'error':
    case 'note':
      return node.parent === undefined ? undefined : bucketLocationOf(node.parent);
    case 'profile':
    case 'object':
      return undefined;
  }
}

/** Strips the listing's facts from a bucket. */
export function bareBucket({ profile, bucket, region }: BucketRef): BucketRef {
  return { profile, bucket, ...defined({ region }) };
}

/** The parent row, with its id; undefined for a profile and for an invalid settings entry. */
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
 * Argument of the download commands: an `oss://` path of an object, folder or bucket, an object, or a node of the
 * Buckets view.
 */
export type DownloadArgument = string | ObjectRef | BucketTreeNode;

/** The user's profiles, as the tree needs them. */
export interface BrowsableProfiles {
  profile(name: string): Profile;
  /** Buckets and folders that the user named or pinned, in their order. */
  pinned(profile: string): readonly BucketLocation[];
}
