import { link, lstat, open, rename, unlink } from 'node:fs/promises';
import { AppError } from '../../base/errors.ts';
import { errnoOf } from './disk.ts';
import { sharedRuns } from '../../base/async.ts';

/** What file systems answer that know no hard links (FAT, exFAT, some network shares). */
const noHardLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']);

/**
 * Moves `from` to `to` in one atomic step, within one folder. Both paths are absolute.
 * Without `overwrite` whatever appears at `to`, at whatever moment, is never replaced: `link` fails where `rename`
 * would replace.
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

/** Small files end one after the other, and syncing the folder for each costs as much as syncing the file does. */
const gatherMs = 5;

/**
 * Makes the renames in a folder that are done by now survive a power cut; files that end in one folder at about the
 * same time share a sync. Windows cannot sync a folder and need not.
 * @throws system errors as they come
 */
export const syncFolder: (folder: string) => Promise<void> =
  process.platform === 'win32' ? () => Promise.resolve() : sharedRuns(sync, gatherMs);

async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // some network file systems refuse it; there is nothing better to do
    if (!['EINVAL', 'ENOTSUP', 'EPERM', 'EISDIR'].includes(errnoOf(error) ?? '')) {
      throw error;
    }
  } finally {
    await handle.close();
  }
}
