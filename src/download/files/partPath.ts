import { createHash, randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { readdir, unlink } from 'node:fs/promises';

const partSuffix = '.ossdownload';
/** Longest file name in bytes; longer ones are shortened (NTFS and APFS count differently, and allow more). */
const maxNameBytes = 255;

const ownMark = `~${randomBytes(4).toString('hex')}`;
const someMark = /~[0-9a-f]{8}$/;

/** Path of the part file of a download to `path`: in the same folder, so that the last step is one rename. */
export function partPathOf(path: string): string {
  return beside(path, partSuffix);
}

/**
 * Path of a part file that is never resumed. It contains an id of this process, so that no two processes write to the
 * same file.
 */
export function ownPartPathOf(path: string): string {
  return beside(path, `${ownMark}${partSuffix}`);
}

/** Whether `name`, in the folder of `path`, is `ownPartPathOf(path)` of any process. */
export function isOwnPartOf(path: string, name: string): boolean {
  const mark = someMark.exec(name.slice(0, -partSuffix.length))?.[0];
  return mark !== undefined && name === basename(beside(path, `${mark}${partSuffix}`));
}

function beside(path: string, suffix: string): string {
  const name = basename(path);
  if (Buffer.byteLength(name) + suffix.length <= maxNameBytes) {
    return `${path}${suffix}`;
  }
  // Too long for the suffix: the beginning of the name, and a hash of all of it.
  const mark = `~${createHash('sha256').update(name).digest('hex').slice(0, 12)}${suffix}`;
  let kept = '';
  for (const character of name) {
    if (Buffer.byteLength(kept + character) + mark.length > maxNameBytes) {
      break;
    }
    kept += character;
  }
  return join(dirname(path), `${kept}${mark}`);
}

/**
 * Removes the part files of small objects (see `ownPartPathOf`) that dead processes left beside these paths. A process
 * that is still alive loses an attempt and retries. Never throws: files that cannot be removed stay.
 */
export async function discardOwnParts(paths: readonly string[]): Promise<void> {
  for (const [folder, files] of Map.groupBy(paths, dirname)) {
    const names = await readdir(folder).catch(() => []);
    const left = names.filter((name) => name.includes('~') && files.some((path) => isOwnPartOf(path, name)));
    await Promise.all(left.map((name) => unlink(join(folder, name)).catch(() => undefined)));
  }
}
