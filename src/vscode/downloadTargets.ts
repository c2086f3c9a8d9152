import { AppError } from '../base/errors.ts';
import type { KnownObject } from '../download/model.ts';
import type { ObjectRef } from '../oss/model.ts';
import type { BucketTreeNode } from './bucketNodes.ts';
import { parseOssPath } from '../oss/ossPath.ts';
import type { OssPath } from '../oss/ossPath.ts';

/** What the download commands accept: an `oss://bucket/key` path, an object, or a node of the Buckets view. */
export type DownloadTarget = string | ObjectRef | BucketTreeNode;

/** An object to download, with what a listing said of it. */
export interface ObjectTarget {
  readonly ref: ObjectRef;
  readonly known?: KnownObject;
}

/** What a command was given: objects, or paths whose profile is still to be found. */
export interface NamedTargets {
  readonly objects: readonly ObjectTarget[];
  readonly paths: readonly OssPath[];
}

/**
 * The objects that a command was called with. Of a multi-selection only objects count; nodes of other kinds are left out.
 *
 * @returns undefined when the command was called without any argument, from the palette
 * @throws AppError `input/invalidPath` for a text that is no path of an object, and for anything else
 */
export function readTargets(target: unknown, selection: unknown): NamedTargets | undefined {
  const all: readonly unknown[] = Array.isArray(selection) && selection.length > 0 ? selection : Array.isArray(target) ? target : [target];
  const given = all.filter((each) => each !== undefined && each !== null);
  if (given.length === 0) {
    return undefined;
  }
  const objects: ObjectTarget[] = [];
  const paths: OssPath[] = [];
  for (const each of given) {
    if (typeof each === 'string') {
      paths.push(readObjectPath(each));
    } else if (isNode(each)) {
      objects.push(...objectOf(each));
    } else {
      objects.push({ ref: readObjectRef(each) });
    }
  }
  return { objects, paths };
}

/** @throws AppError `input/invalidPath` for a bucket or folder: no object is named */
export function readObjectPath(text: string): OssPath {
  const path = parseOssPath(text);
  if (path.key === '') {
    throw new AppError('input/invalidPath', `no object is named: ${text}`, { details: { subject: text } });
  }
  return path;
}

function objectOf(node: BucketTreeNode): readonly ObjectTarget[] {
  if (node.kind !== 'object') {
    return [];
  }
  const { ref, sizeBytes, etag, type } = node.object;
  // A listing gives a symbolic link's own size and ETag, a GET those of its target.
  return [type === 'Symlink' ? { ref } : { ref, known: { sizeBytes, etag } }];
}

function isNode(value: unknown): value is BucketTreeNode {
  return typeof value === 'object' && value !== null && 'kind' in value && 'id' in value;
}

/** Another extension's argument: checked, since no compiler stood between. */
function readObjectRef(value: unknown): ObjectRef {
  const { profile, bucket, key, region, versionId } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Record<string, unknown>>;
  if (typeof profile !== 'string' || typeof bucket !== 'string' || typeof key !== 'string' || key === '') {
    const subject = typeof value === 'object' ? JSON.stringify(value) : typeof value;
    throw new AppError('input/invalidPath', `neither an oss:// path nor an object with profile, bucket and key: ${subject}`, { details: { subject } });
  }
  return {
    profile,
    bucket,
    key,
    ...(typeof region === 'string' ? { region } : {}),
    ...(typeof versionId === 'string' ? { versionId } : {}),
  };
}
