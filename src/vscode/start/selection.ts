import { AppError } from '../../base/errors.ts';
import type { KnownObject } from '../../download/model.ts';
import { needsRestore } from '../../oss/model.ts';
import type { BucketRef, ObjectRef } from '../../oss/model.ts';
import { bareBucket } from '../treeNodes.ts';
import type { BucketTreeNode } from '../treeNodes.ts';
import { formatOssPath, parseOssPath } from '../../oss/ossPath.ts';
import type { OssPath } from '../../oss/ossPath.ts';

/** An object to download, with the facts of its listing. */
export interface SelectedObject {
  readonly ref: ObjectRef;
  readonly known?: KnownObject;
  /** Milliseconds since the epoch. */
  readonly modifiedMs?: number;
  /** Whether it must be restored before it can be read; absent if no listing says so. */
  readonly isArchived?: boolean;
}

/** Everything below a prefix; an empty one is the whole bucket. */
export interface SelectedFolder {
  readonly bucket: BucketRef;
  /** Empty, or ends in `/`. */
  readonly prefix: string;
}

/** Objects and folders to download. */
export interface Selection {
  readonly objects: readonly SelectedObject[];
  readonly folders: readonly SelectedFolder[];
}

/** A command's arguments: objects, folders, and paths without a profile yet. */
export interface NamedSelection extends Selection {
  readonly paths: readonly OssPath[];
}

/**
 * Parses a command's arguments. Objects, folders and buckets of a multi-selection count; other nodes are ignored.
 *
 * @returns undefined without any argument, as from the palette
 * @throws AppError `input/invalidPath` for a text that is not a path, and for any other value
 */
export function readSelection(target: unknown, selection: unknown): NamedSelection | undefined {
  const all: readonly unknown[] =
    Array.isArray(selection) && selection.length > 0 ? selection : Array.isArray(target) ? target : [target];
  const given = all.filter((each) => each !== undefined && each !== null);
  if (given.length === 0) {
    return undefined;
  }
  const objects: SelectedObject[] = [];
  const folders: SelectedFolder[] = [];
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

/** Removes duplicates: an object can be selected below its bucket and below a pinned folder. */
function unique(objects: readonly SelectedObject[]): readonly SelectedObject[] {
  const byName = new Map(
    objects.map((each) => [
      JSON.stringify([each.ref.profile, each.ref.bucket, each.ref.key, each.ref.versionId]),
      each,
    ]),
  );
  return [...byName.values()];
}

/** The object or folder of a path: an empty key means the bucket, a trailing `/` a folder. */
export function selectionOf(ref: ObjectRef): Selection {
  const { key } = ref;
  return key === '' || key.endsWith('/')
    ? { objects: [], folders: [{ bucket: bareBucket(ref), prefix: key }] }
    : { objects: [{ ref }], folders: [] };
}

/** Merges selections, and removes entries that a selected folder contains. */
export function joinSelections(all: readonly Selection[]): Selection {
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

export function pathOf({ bucket: { bucket }, prefix }: SelectedFolder): string {
  return formatOssPath({ bucket, key: prefix });
}

function objectOf(node: BucketTreeNode): readonly SelectedObject[] {
  if (node.kind !== 'object') {
    return [];
  }
  const { ref, sizeBytes, etag, type, lastModifiedMs } = node.object;
  const archived = needsRestore(node.object) ? { isArchived: true } : {};
  // A listing has a symbolic link's own size and ETag, a GET those of the linked object.
  return [
    type === 'Symlink'
      ? { ref, ...archived }
      : { ref, known: { sizeBytes, etag }, modifiedMs: lastModifiedMs, ...archived },
  ];
}

function folderOf(node: BucketTreeNode): readonly SelectedFolder[] {
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

/** Validates an argument of another extension, which no compiler checked. */
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
