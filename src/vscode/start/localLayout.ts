import { defined } from '../../base/defined.ts';
import path from 'node:path';
import type { BatchSource } from '../../download/batchModel.ts';
import { formatOssPath } from '../../oss/ossPath.ts';
import type { Targets } from './selection.ts';
import { localFileName, localSegments } from '../../download/files/localPath.ts';
import type { ObjectRef } from '../../oss/model.ts';
import type { InvalidNames } from '../../download/model.ts';

/**
 * What a batch of these targets is made of: each goes below the chosen folder under its own last name, with as much of
 * the path in OSS in front as tells them apart.
 */
export function batchSources({ objects, folders }: Targets): readonly BatchSource[] {
  const paths = [
    ...folders.map(({ bucket, prefix }) => [bucket.bucket, ...(prefix === '' ? [] : prefix.slice(0, -1).split('/'))]),
    ...objects.map(({ ref }) => [ref.bucket, ...ref.key.split('/')]),
  ];
  const into = distinctTails(paths);
  return [
    ...folders.map(({ bucket, prefix }, index): BatchSource => ({
      kind: 'prefix',
      bucket,
      prefix,
      into: into[index] ?? [],
    })),
    ...objects.map(({ ref, known, modifiedMs, isArchived }, index): BatchSource => ({
      kind: 'object',
      ref,
      into: into[folders.length + index] ?? [],
      ...defined({ known, modifiedMs, isArchived }),
    })),
  ];
}

/** How the batch is called: by its folder, where there is only one. */
export function batchLabel({ objects, folders }: Targets, many: (count: number) => string): string {
  const [folder] = folders;
  return folders.length === 1 && objects.length === 0 && folder !== undefined
    ? formatOssPath({ bucket: folder.bucket.bucket, key: folder.prefix })
    : many(folders.length + objects.length);
}

/**
 * Of each path its last name, or, where two of them would be one file on some system, all names behind what all share.
 */
function distinctTails(paths: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const tails = paths.map((path) => path.slice(-1));
  const folded = tails.map((tail) => tail.join('/').normalize('NFC').toLowerCase());
  if (new Set(folded).size === paths.length) {
    return tails;
  }
  const [first = []] = paths;
  const shortest = Math.min(...paths.map(({ length }) => length)) - 1;
  const differing = first.slice(0, shortest).findIndex((name, index) => paths.some((path) => path[index] !== name));
  const shared = differing === -1 ? Math.max(0, shortest) : differing;
  return paths.map((path) => path.slice(shared));
}

/**
 * Where each object of a selection goes below the folder that was chosen: the bare file names, with as much of the
 * folders in OSS in front as tells the objects apart.
 *
 * @param rule with `replace` two objects may get one path: then the second is one that is already there
 * @returns relative paths, one an object, in their order
 */
export function relativeTargets(
  objects: readonly Pick<ObjectRef, 'bucket' | 'key'>[],
  rule: InvalidNames = 'encode',
): readonly string[] {
  const names = objects.map(({ key }) => localFileName(key, rule));
  if (new Set(names.map(folded)).size === names.length) {
    return names;
  }
  const paths = objects.map(({ bucket, key }) => [bucket, ...localSegments(key, rule)]);
  const shared = sharedFolders(paths);
  return paths.map((segments) => path.join(...segments.slice(shared)));
}

/** Two names that differ only in case or in Unicode form are one file on Windows and macOS. */
function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** How many leading folders all paths have in common; the last segment is a file, never a folder. */
function sharedFolders(paths: readonly (readonly string[])[]): number {
  const [first = []] = paths;
  const depth = Math.min(...paths.map(({ length }) => length)) - 1;
  for (let index = 0; index < depth; index += 1) {
    if (paths.some((segments) => segments[index] !== first[index])) {
      return index;
    }
  }
  return depth;
}
