import { defined } from '../../base/defined.ts';
import path from 'node:path';
import type { BatchSource } from '../../download/batchModel.ts';
import { objectCount } from '../ui/localFormat.ts';
import type { Localizer } from '../ui/localizer.ts';
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

/** How the batch is called: by its folder, where there is only one, or by how much was selected. */
export function batchLabel({ objects, folders }: Targets, l10n: Localizer): string {
  const [folder] = folders;
  if (folder === undefined) {
    return objectCount(objects.length, l10n);
  }
  return folders.length === 1 && objects.length === 0
    ? formatOssPath({ bucket: folder.bucket.bucket, key: folder.prefix })
    : l10n.t('{0} selected items', folders.length + objects.length);
}

/**
 * Where each object of a selection goes below the folder that was chosen: the bare file names, with as much of the
 * folders in OSS in front as tells the objects apart.
 *
 * @param rule with `replace` two objects may get one path: then the second is one that is already there
 * @returns relative paths, one an object, in their order
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
 * As much of each path as tells them apart: its name, or, where two names would be one file on some system, everything
 * behind the folders that all paths share.
 */
function distinctTails(
  paths: readonly (readonly string[])[],
  names = paths.map((each) => each.at(-1) ?? ''),
): readonly (readonly string[])[] {
  // Two names that differ only in case or in Unicode form are one file on Windows and macOS.
  const folded = new Set(names.map((name) => name.normalize('NFC').toLowerCase()));
  if (folded.size === names.length) {
    return names.map((name) => [name]);
  }
  const [first = []] = paths;
  const depth = Math.max(0, Math.min(...paths.map(({ length }) => length)) - 1);
  const differing = first.slice(0, depth).findIndex((name, index) => paths.some((each) => each[index] !== name));
  return paths.map((each) => each.slice(differing === -1 ? depth : differing));
}
