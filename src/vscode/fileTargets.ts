import path from 'node:path';
import { localFileName, localSegments } from '../download/localPath.ts';
import type { InvalidNames } from '../download/localPath.ts';
import type { ObjectRef } from '../oss/model.ts';

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
