import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';

const partSuffix = '.ossdownload';
/** What file systems allow a name, in bytes (NTFS and APFS count otherwise, and allow more). */
const maxNameBytes = 255;

/** The unfinished file of a download to `path`: beside it, so that the last step is one rename. */
export function partPathOf(path: string): string {
  const name = basename(path);
  if (Buffer.byteLength(name) + partSuffix.length <= maxNameBytes) {
    return `${path}${partSuffix}`;
  }
  // A name that fills all the room there is: its beginning, and a hash to tell it from its like.
  const mark = `~${createHash('sha256').update(name).digest('hex').slice(0, 12)}${partSuffix}`;
  let kept = '';
  for (const character of name) {
    if (Buffer.byteLength(kept + character) + mark.length > maxNameBytes) {
      break;
    }
    kept += character;
  }
  return join(dirname(path), `${kept}${mark}`);
}
