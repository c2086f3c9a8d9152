import { createHash, randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { readdir, unlink } from 'node:fs/promises';

const partSuffix = '.ossdownload';
/** What file systems allow a name, in bytes (NTFS and APFS count otherwise, and allow more). */
const maxNameBytes = 255;

const ownMark = `~${randomBytes(4).toString('hex')}`;
const someMark = /~[0-9a-f]{8}$/;

/** The unfinished file of a download to `path`: beside it, so that the last step is one rename. */
export function partPathOf(path: string): string {
  return beside(path, partSuffix);
}

/**
 * The same for one that nobody will go on with: every process has a name of its own, so that none writes to that of
 * another.
 */
export function ownPartPathOf(path: string): string {
  return beside(path, `${ownMark}${partSuffix}`);
}

/** Whether a file beside `path`, by its name, is one of `ownPartPathOf(path)`, of whatever process. */
export function isOwnPartOf(path: string, name: string): boolean {
  const mark = someMark.exec(name.slice(0, -partSuffix.length))?.[0];
  return mark !== undefined && name === basename(beside(path, `${mark}${partSuffix}`));
}

function beside(path: string, suffix: string): string {
  const name = basename(path);
  if (Buffer.byteLength(name) + suffix.length <= maxNameBytes) {
    return `${path}${suffix}`;
  }
  // A name that fills all the room there is: its beginning, and a hash to tell it from its like.
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
 * Removes what processes that are gone left beside these paths, of objects that they were downloading in one go.
 * One that is not gone loses an attempt by it, and tries again. What cannot be looked at or removed stays.
 */
export async function discardOwnParts(paths: readonly string[]): Promise<void> {
  for (const [folder, files] of Map.groupBy(paths, dirname)) {
    const names = await readdir(folder).catch(() => []);
    const left = names.filter((name) => name.includes('~') && files.some((path) => isOwnPartOf(path, name)));
    await Promise.all(left.map((name) => unlink(join(folder, name)).catch(() => undefined)));
  }
}
