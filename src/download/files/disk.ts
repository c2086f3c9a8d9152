import { AppError } from '../../base/errors.ts';
import type { ErrorCode } from '../../base/errors.ts';
import { mkdir, unlink } from 'node:fs/promises';

const codes: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOSPC: ['disk/full', 'no space left on the disk'],
  EDQUOT: ['disk/full', 'disk quota used up'],
  EFBIG: ['disk/full', 'the file system cannot hold a file of this size'],
  EACCES: ['disk/denied', 'permission denied'],
  EPERM: ['disk/denied', 'operation not permitted'],
  EROFS: ['disk/denied', 'read-only file system'],
  ENOENT: ['disk/missing', 'no such file or folder'],
  ESTALE: ['disk/missing', 'the network drive has forgotten the file'],
  ENOTDIR: ['disk/missing', 'not a folder'],
  ENAMETOOLONG: ['input/invalidPath', 'the name is too long for this file system'],
  EEXIST: ['disk/targetExists', 'a file is already there'],
};

/** A failure of the file system as an `AppError` that names the file. */
export function diskError(error: unknown, path: string): AppError {
  if (error instanceof AppError) {
    return error;
  }
  const errno = errnoOf(error);
  const [code, sentence] = codes[errno ?? ''] ?? (['disk/failed', `the disk failed (${errno ?? 'unknown'})`] as const);
  return new AppError(code, `${sentence}: ${path}`, { cause: error, details: { subject: path } });
}

/** Runs one step on `path`; what the file system throws becomes an `AppError` that names it. */
export async function onDisk<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw diskError(error, path);
  }
}

/** Numbers that Node has no name for ("Unknown system error -122"): Linux, then macOS. */
const unnamed: Readonly<Record<number, string>> =
  process.platform === 'darwin' ? { [-69]: 'EDQUOT', [-70]: 'ESTALE' } : { [-122]: 'EDQUOT', [-116]: 'ESTALE' };

/** Such as `ENOENT`; undefined for what did not come from the system. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') {
    return undefined;
  }
  const number = 'errno' in error && typeof error.errno === 'number' ? error.errno : 0;
  return unnamed[number] ?? error.code;
}

/** For a `catch`: takes this answer of the system for none, and lets every other one through. */
export function ignoring(errno: string): (error: unknown) => undefined {
  return (error) => {
    if (errnoOf(error) !== errno) {
      throw error;
    }
    return undefined;
  };
}

/** Removes a file; not being there is fine. @throws system errors as they come */
export async function removeIfThere(path: string): Promise<void> {
  await unlink(path).catch(ignoring('ENOENT'));
}

/**
 * Does something in a folder that is most often there already; where it is not, makes it and those above it, and tries
 * again.
 * @throws system errors as they come
 */
export async function inFolder<T>(folder: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') {
      throw error;
    }
    await mkdir(folder, { recursive: true });
    return act();
  }
}
