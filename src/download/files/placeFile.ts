import type { BigIntStats } from 'node:fs';
import { link, lstat, open, rename, unlink } from 'node:fs/promises';
import { AppError } from '../../base/errors.ts';
import { errnoOf } from './disk.ts';
import { sharedRuns } from '../../base/async.ts';

/**
 * Failures of `link` that a rename would meet as well. All others may mean a file system without hard links, which has
 * no code of its own: FAT and exFAT say EPERM on Linux and EISDIR on Windows, network shares say ENOTSUP or EINVAL.
 */
const notAboutLinks = new Set(['ENOENT', 'ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'ENAMETOOLONG']);

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
    } else if (notAboutLinks.has(errno)) {
      throw error;
    } else {
      await reserveAndRename(from, to);
      return;
    }
  }
  // The file stands at its final name: a lock on the old name (of a virus scanner, an indexer) is no failure.
  await unlink(from).catch(() => undefined);
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
  const [a, b] = await Promise.all([lstat(from, { bigint: true }), lstat(to, { bigint: true })]);
  if (!isSameFile(a, b) || a.nlink !== 2n || b.nlink !== 2n) {
    throw targetExists(to);
  }
}

type FileNumbers = Pick<BigIntStats, 'ino' | 'dev'>;

/** Proves two names of one file. A number of 0 proves nothing: the file system has none. */
export function isSameFile(a: FileNumbers, b: FileNumbers): boolean {
  return a.ino !== 0n && a.ino === b.ino && a.dev === b.dev;
}

/** Proves two files. */
export function isOtherFile(a: FileNumbers, b: FileNumbers): boolean {
  return a.ino !== b.ino || a.dev !== b.dev;
}

function targetExists(path: string): AppError {
  return new AppError('disk/targetExists', `a file is already there: ${path}`, { details: { subject: path } });
}

/** Small files end one after the other, and syncing the folder for each costs as much as syncing the file does. */
const gatherMs = 5;

/**
 * Makes the renames in a folder that are done by now survive a power cut; files that end in one folder at about the
 * same time share a sync. Windows cannot sync a folder and need not.
 */
export const syncFolder: (folder: string) => Promise<void> =
  process.platform === 'win32' ? () => Promise.resolve() : sharedRuns(sync, gatherMs);

/** Never fails: the file stands at its final name, and some file systems refuse to open or sync a folder. */
async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close().catch(() => undefined);
}
