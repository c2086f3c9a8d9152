import type { BigIntStats } from 'node:fs';
import { link, lstat, open, rename, unlink } from 'node:fs/promises';
import { AppError } from '../../base/errors.ts';
import { errnoOf } from './disk.ts';
import { patiently } from './patience.ts';
import { coalesceByKey } from '../../base/async.ts';

/**
 * Errors of `link` that a rename would return as well. Any other may mean a file system without hard links, for which
 * there is no code: FAT and exFAT return EPERM on Linux and EISDIR on Windows, network shares ENOTSUP or EINVAL.
 */
const notAboutLinks = new Set(['ENOENT', 'ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'ENAMETOOLONG']);

/**
 * Moves `from` to `to` in one atomic step, within one folder. Both paths are absolute.
 * Without `overwrite` an existing `to` is never replaced, even if it appears at the last moment: `link` fails where
 * `rename` would replace.
 * @throws AppError `disk/targetExists`; system errors unchanged
 */
export async function commitFile(from: string, to: string, overwrite: boolean): Promise<void> {
  if (overwrite) {
    await patiently(() => rename(from, to)).catch((error: unknown) => {
      throw ['EISDIR', 'ENOTEMPTY', 'EEXIST'].includes(errnoOf(error) ?? '') ? targetExists(to) : error;
    });
    return;
  }
  try {
    await patiently(() => link(from, to));
  } catch (error) {
    const errno = errnoOf(error) ?? '';
    if (errno === 'EEXIST') {
      // After a crash between link and unlink both paths name the same file: only unlink is missing.
      await requireSameFile(from, to);
    } else if (notAboutLinks.has(errno)) {
      throw error;
    } else {
      await reserveAndRename(from, to);
      return;
    }
  }
  // The file is at its final path: an old name locked by a virus scanner or an indexer is no failure.
  await patiently(() => unlink(from)).catch(() => undefined);
}

/**
 * Without hard links: reserves the name with an exclusively created empty file, so that the rename replaces only that.
 */
async function reserveAndRename(from: string, to: string): Promise<void> {
  const placeholder = await patiently(() => open(to, 'wx')).catch((error: unknown) => {
    throw errnoOf(error) === 'EEXIST' ? targetExists(to) : error;
  });
  await placeholder.close();
  try {
    await patiently(() => rename(from, to));
  } catch (error) {
    await patiently(() => unlink(to)).catch(() => undefined);
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

/** Delay before a folder sync, to share it: for small files, syncing the folder each time costs as much as the file. */
const gatherMs = 5;

/**
 * Syncs the renames in a folder to disk; calls for the same folder at about the same time share a sync. Windows
 * neither can sync a folder nor needs to.
 */
export const syncFolder: (folder: string) => Promise<void> =
  process.platform === 'win32' ? () => Promise.resolve() : coalesceByKey(sync, gatherMs);

/** Never rejects: the file is at its final path, and some file systems refuse to open or sync a folder. */
async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close().catch(() => undefined);
}
