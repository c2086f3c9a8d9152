import { defined } from '../../base/defined.ts';
import path from 'node:path';
import type { BatchSource } from '../../download/batchModel.ts';
import { objectCount } from '../ui/localFormat.ts';
import type { Localizer } from '../ui/localizer.ts';
import { formatOssPath } from '../../oss/ossPath.ts';
import type { Selection } from './selection.ts';
import { localFileName, localSegments } from '../../download/files/localPath.ts';
import type { ObjectRef } from '../../oss/model.ts';
import type { InvalidNames } from '../../download/model.ts';

/**
 * Items of a batch, each with its path below the chosen folder: the last name, preceded by as many OSS folders as are
 * needed to make the paths distinct.
 */
export function batchItems({ objects, folders }: Selection): readonly BatchSource[] {
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

/** Label of the batch: the name of its only folder, otherwise a count. */
export function batchLabel({ objects, folders }: Selection, l10n: Localizer): string {
  const [folder] = folders;
  if (folder === undefined) {
    return objectCount(objects.length, l10n);
  }
  return folders.length === 1 && objects.length === 0
    ? formatOssPath({ bucket: folder.bucket.bucket, key: folder.prefix })
    : l10n.t('{0} selected items', folders.length + objects.length);
}

/**
 * Paths of the selected objects below the chosen folder: the file names, preceded by as many OSS folders as are needed
 * to make them distinct.
 *
 * @param rule with `replace` two objects may get the same path: the second then meets an existing file
 * @returns relative paths, in the order of the objects
 */
export function relativePaths(
  objects: readonly Pick<ObjectRef, 'bucket' | 'key'>[],
  rule: InvalidNames = 'encode',
): readonly string[] {
  const paths = objects.map(({ bucket, key }) => [bucket, ...localSegments(key, rule)]);
  const names = objects.map(({ key }) => localFileName(key, rule));
  return distinctTails(paths, names).map((segments) => path.join(...segments));
}

/**
 * The last name of each path; if two would collide on some file system, all names after the common folders.
 */
function distinctTails(
  paths: readonly (readonly string[])[],
  names = paths.map((each) => each.at(-1) ?? ''),
): readonly (readonly string[])[] {
  // Names that differ only in case or Unicode form are one file on Windows and macOS.
  const folded = new Set(names.map((name) => name.normalize('NFC').toLowerCase()));
  if (folded.size === names.length) {
    return names.map((name) => [name]);
  }
  const [first = []] = paths;
  const depth = Math.max(0, Math.min(...paths.map(({ length }) => length)) - 1);
  const differing = first.slice(0, depth).findIndex((name, index) => paths.some((each) => each[index] !== name));
  return paths.map((each) => each.slice(differing === -1 ? depth : differing));
}
