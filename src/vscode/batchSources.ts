import type { BatchSource } from '../download/batch/batchModel.ts';
import { formatOssPath } from '../oss/ossPath.ts';
import type { Targets } from './downloadTargets.ts';

/**
 * What a batch of these targets is made of: each goes below the chosen folder under its own last name, with as much of the
 * path in OSS in front as tells them apart.
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
      ...(known === undefined ? {} : { known }),
      ...(modifiedMs === undefined ? {} : { modifiedMs }),
      ...(isArchived === undefined ? {} : { isArchived }),
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

/** Of each path its last name, or, where two of them would be one file on some system, all names behind what all share. */
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
