import { AppError } from '../../base/errors.ts';
import type { KnownObject } from '../../download/model.ts';
import { needsRestore } from '../../oss/model.ts';
import type { BucketRef, ObjectRef } from '../../oss/model.ts';
import { bareBucket } from '../treeNodes.ts';
import type { BucketTreeNode } from '../treeNodes.ts';
import { formatOssPath, parseOssPath } from '../../oss/ossPath.ts';
import type { OssPath } from '../../oss/ossPath.ts';

/** An object to download, with what a listing said of it. */
export interface ObjectTarget {
  readonly ref: ObjectRef;
  readonly known?: KnownObject;
  /** Milliseconds since the epoch. */
  readonly modifiedMs?: number;
  /** Whether it must be restored before it can be read, as far as a listing told it. */
  readonly isArchived?: boolean;
}

/** Everything below a prefix; an empty one is the whole bucket. */
export interface FolderTarget {
  readonly bucket: BucketRef;
  /** Empty, or ends in `/`. */
  readonly prefix: string;
}

/** What is to be downloaded. */
export interface Targets {
  readonly objects: readonly ObjectTarget[];
  readonly folders: readonly FolderTarget[];
}

/** What a command was given: targets, and paths whose profile is still to be found. */
export interface NamedTargets extends Targets {
  readonly paths: readonly OssPath[];
}

/**
 * What a command was called with. Of a multi-selection objects, folders and buckets count; other nodes are left out.
 *
 * @returns undefined when the command was called without any argument, from the palette
 * @throws AppError `input/invalidPath` for a text that is no path, and for anything else
 */
export function readTargets(target: unknown, selection: unknown): NamedTargets | undefined {
  const all: readonly unknown[] =
    Array.isArray(selection) && selection.length > 0 ? selection : Array.isArray(target) ? target : [target];
  const given = all.filter((each) => each !== undefined && each !== null);
  if (given.length === 0) {
    return undefined;
  }
  const objects: ObjectTarget[] = [];
  const folders: FolderTarget[] = [];
  const paths: OssPath[] = [];
  for (const each of given) {
    if (typeof each === 'string') {
      paths.push(parseOssPath(each));
    } else if (isNode(each)) {
      objects.push(...objectOf(each));
      folders.push(...folderOf(each));
    } else {
      objects.push({ ref: readObjectRef(each) });
    }
  }
  return { objects: unique(objects), folders, paths };
}

/** An object can be selected twice: below its bucket, and below a folder of it that is pinned. */
function unique(objects: readonly ObjectTarget[]): readonly ObjectTarget[] {
  const byName = new Map(
    objects.map((each) => [
      JSON.stringify([each.ref.profile, each.ref.bucket, each.ref.key, each.ref.versionId]),
      each,
    ]),
  );
  return [...byName.values()];
}

/** What a path names whose profile has been found: an empty key is the bucket, one that ends in `/` a folder. */
export function targetOf(ref: ObjectRef): Targets {
  const { key } = ref;
  return key === '' || key.endsWith('/')
    ? { objects: [], folders: [{ bucket: bareBucket(ref), prefix: key }] }
    : { objects: [{ ref }], folders: [] };
}

/** Several targets as one, without what lies in a folder that is among them. */
export function joinTargets(all: readonly Targets[]): Targets {
  const folders = all.flatMap((each) => each.folders);
  const isWithin = (bucket: BucketRef, key: string): boolean =>
    folders.some(
      (folder) =>
        folder.bucket.profile === bucket.profile &&
        folder.bucket.bucket === bucket.bucket &&
        folder.prefix !== key &&
        key.startsWith(folder.prefix),
    );
  const unique = new Map(
    folders
      .filter(({ bucket, prefix }) => !isWithin(bucket, prefix))
      .map((folder) => [`${folder.bucket.profile}\n${pathOf(folder)}`, folder]),
  );
  return {
    objects: all.flatMap((each) => each.objects).filter(({ ref }) => !isWithin(ref, ref.key)),
    folders: [...unique.values()],
  };
}

export function pathOf({ bucket: { bucket }, prefix }: FolderTarget): string {
  return formatOssPath({ bucket, key: prefix });
}

function objectOf(node: BucketTreeNode): readonly ObjectTarget[] {
  if (node.kind !== 'object') {
    return [];
  }
  const { ref, sizeBytes, etag, type, lastModifiedMs } = node.object;
  const archived = needsRestore(node.object) ? { isArchived: true } : {};
  // A listing gives a symbolic link's own size and ETag, a GET those of its target.
  return [
    type === 'Symlink'
      ? { ref, ...archived }
      : { ref, known: { sizeBytes, etag }, modifiedMs: lastModifiedMs, ...archived },
  ];
}

function folderOf(node: BucketTreeNode): readonly FolderTarget[] {
  switch (node.kind) {
    case 'bucket':
      return [{ bucket: bareBucket(node.bucket), prefix: '' }];
    case 'prefix':
      return [{ bucket: bareBucket(node.bucket), prefix: node.prefix }];
    default:
      return [];
  }
}

function isNode(value: unknown): value is BucketTreeNode {
  return typeof value === 'object' && value !== null && 'kind' in value && 'id' in value;
}

/** Another extension's argument: checked, since no compiler stood between. */
function readObjectRef(value: unknown): ObjectRef {
  const { profile, bucket, key, region, versionId } = (
    typeof value === 'object' && value !== null ? value : {}
  ) as Partial<Record<string, unknown>>;
  if (typeof profile !== 'string' || typeof bucket !== 'string' || typeof key !== 'string' || key === '') {
    const subject = typeof value === 'object' ? JSON.stringify(value) : typeof value;
    throw new AppError(
      'input/invalidPath',
      `neither an oss:// path nor an object with profile, bucket and key: ${subject}`,
      { details: { subject } },
    );
  }
  return {
    profile,
    bucket,
    key,
    ...(typeof region === 'string' ? { region } : {}),
    ...(typeof versionId === 'string' ? { versionId } : {}),
  };
}
