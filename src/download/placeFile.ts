import { link, lstat, open, rename, unlink } from 'node:fs/promises';
import { AppError } from '../base/errors.ts';
import { errnoOf } from './diskErrors.ts';

/** What file systems answer that know no hard links (FAT, exFAT, some network shares). */
const noHardLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']);

/**
 * Moves `from` to `to` in one atomic step, within one folder. Both paths are absolute.
 * Without `overwrite` whatever appears at `to`, at whatever moment, is never replaced: `link` fails where `rename` would replace.
 * @throws AppError `disk/targetExists`; system errors as they come
 */
export async function placeFile(from: string, to: string, overwrite: boolean): Promise<void> {
  if (overwrite) {
    await rename(from, to).catch((error: unknown) => {
      throw ['EISDIR', 'ENOTEMPTY', 'EEXIST'].includes(errnoOf(error) ?? '') ? targetExists(to) : error;
    });
    return;
  }
  try {
    await link(from, to);
  } catch (error) {
    const errno = errnoOf(error) ?? '';
    if (errno === 'EEXIST') {
      // A crash between link and unlink leaves one file under two names: then the first half is done.
      await requireSameFile(from, to);
    } else if (noHardLinks.has(errno)) {
      await reserveAndRename(from, to);
      return;
    } else {
      throw error;
    }
  }
  await unlink(from);
}

/** Without hard links: an empty file created exclusively holds the name, so that the rename replaces only that. */
async function reserveAndRename(from: string, to: string): Promise<void> {
  const placeholder = await open(to, 'wx').catch((error: unknown) => {
    throw errnoOf(error) === 'EEXIST' ? targetExists(to) : error;
  });
  await placeholder.close();
  try {
    await rename(from, to);
  } catch (error) {
    await unlink(to);
    throw error;
  }
}

async function requireSameFile(from: string, to: string): Promise<void> {
  const [a, b] = await Promise.all([lstat(from), lstat(to)]);
  if (a.ino !== b.ino || a.dev !== b.dev) {
    throw targetExists(to);
  }
}

function targetExists(path: string): AppError {
  return new AppError('disk/targetExists', `a file is already there: ${path}`, { details: { subject: path } });
}
