import { AppError } from '../base/errors.ts';
import type { Bucket, BucketRef, ListedObject } from '../oss/model.ts';

/** A node that has a listing below it. */
export type ListNode =
  | { readonly kind: 'profile'; readonly id: string; readonly profile: string }
  | { readonly kind: 'bucket'; readonly id: string; readonly bucket: BucketRef; readonly listed?: Bucket; readonly added: boolean }
  | { readonly kind: 'prefix'; readonly id: string; readonly bucket: BucketRef; readonly prefix: string; readonly parentPrefix: string };

export interface ObjectNode {
  readonly kind: 'object';
  readonly id: string;
  readonly object: ListedObject;
  readonly parentPrefix: string;
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

/** `empty`: nothing below a bucket or prefix. `noBuckets`: nothing was listed and nothing added. `addBucket`: only added ones can be shown. */
export interface NoteNode {
  readonly kind: 'note';
  readonly id: string;
  readonly parent: ListNode;
  readonly note: 'empty' | 'noBuckets' | 'addBucket';
}

export type BucketTreeNode = ListNode | ObjectNode | MoreNode | ErrorNode | NoteNode;

export type NodeKind = BucketTreeNode['kind'];

/** Unique and stable: an object `a` and a prefix `a/`, or two profiles' buckets of one name, never share one. */
export function nodeId(kind: NodeKind, profile: string, bucket = '', key = ''): string {
  return JSON.stringify([kind, profile, bucket, key]);
}

export function profileNode(profile: string): ListNode {
  return { kind: 'profile', id: nodeId('profile', profile), profile };
}

export function bucketNode(bucket: BucketRef, added: boolean, listed?: Bucket): ListNode {
  const id = nodeId('bucket', bucket.profile, bucket.bucket);
  return { kind: 'bucket', id, bucket, added, ...(listed === undefined ? {} : { listed }) };
}

export function prefixNode(bucket: BucketRef, prefix: string, parentPrefix: string): ListNode {
  return { kind: 'prefix', id: nodeId('prefix', bucket.profile, bucket.bucket, prefix), bucket, prefix, parentPrefix };
}

export function objectNode(object: ListedObject, parentPrefix: string): ObjectNode {
  const { profile, bucket, key } = object.ref;
  return { kind: 'object', id: nodeId('object', profile, bucket, key), object, parentPrefix };
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
