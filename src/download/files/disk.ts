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

/** Converts a failure of the file system to an `AppError` that names the file. */
export function diskError(error: unknown, path: string): AppError {
  if (error instanceof AppError) {
    return error;
  }
  const errno = errnoOf(error);
  const [code, sentence] = codes[errno ?? ''] ?? (['disk/failed', `the disk failed (${errno ?? 'unknown'})`] as const);
  return new AppError(code, `${sentence}: ${path}`, { cause: error, details: { subject: path } });
}

/** Runs a step on `path` and converts errors of the file system to an `AppError` that names it. */
export async function onDisk<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw diskError(error, path);
  }
}

/** Error numbers without a name in Node ("Unknown system error -122"). */
const unnamed: Readonly<Record<number, string>> =
  process.platform === 'darwin' ? { [-69]: 'EDQUOT', [-70]: 'ESTALE' } : { [-122]: 'EDQUOT', [-116]: 'ESTALE' };

/** Reads the code of a system error, such as `ENOENT`; undefined for other errors. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') {
    return undefined;
  }
  const number = 'errno' in error && typeof error.errno === 'number' ? error.errno : 0;
  return unnamed[number] ?? error.code;
}

/** Creates a handler for `catch` that ignores one system error and rethrows all others. */
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
 * Runs `act` in a folder that mostly exists; if it does not, creates it with its parents and runs `act` again.
 * @throws system errors unchanged
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
