import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { withHome } from '../../base/homePath.ts';
import { sourceFailure } from './credentialSpec.ts';

/** Larger files are rejected; configuration files have a few kilobytes. */
const maxFileBytes = 1024 * 1024;

/**
 * Non-blocking: opening a named pipe would wait for its writer. On Windows `O_NONBLOCK` is undefined, which counts as
 * 0.
 */
const readOnly = constants.O_RDONLY | constants.O_NONBLOCK;

/** Content of a file of the user. */
export interface UserFile {
  /** Path for display, with `~` for the home folder. */
  readonly shownPath: string;
  readonly text: string;
  /** Whether other users may read it; always false on Windows, which has no permission bits. */
  readonly isOpenToOthers: boolean;
}

/** Port: reads the files in which other programs store credentials. */
export interface UserFiles {
  /**
   * @param file absolute, or relative to the home folder
   * @throws AppError `auth/sourceFailed` (`missing`, `unreadable`, `malformed` for another kind of file or a large one)
   */
  read(file: string): Promise<UserFile>;
}

/** Creates the adapter on the file system. @param home folder that `~` represents */
export function createUserFiles(home: string): UserFiles {
  return {
    async read(file) {
      const shownPath = shown(file, home);
      try {
        const handle = await open(absolute(file, home), readOnly);
        try {
          const stats = await handle.stat();
          if (!stats.isFile() || stats.size > maxFileBytes) {
            throw sourceFailure(
              'malformed',
              stats.isFile() ? `the file has more than ${maxFileBytes} bytes` : 'this is no file',
              shownPath,
            );
          }
          const text = (await handle.readFile('utf8')).replace(/^\uFEFF/, '');
          return { shownPath, text, isOpenToOthers: process.platform !== 'win32' && (stats.mode & 0o044) !== 0 };
        } finally {
          await handle.close();
        }
      } catch (error) {
        throw readFailure(error, shownPath);
      }
    },
  };
}

function readFailure(error: unknown, shownPath: string): Error {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return sourceFailure('missing', 'the file does not exist', shownPath, error);
  }
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) {
    return sourceFailure('unreadable', `the file cannot be read (${code})`, shownPath, error);
  }
  return error instanceof Error ? error : sourceFailure('unreadable', 'the file cannot be read', shownPath, error);
}

/**
 * Resolves a path against the home folder: the current folder depends on how the editor was started.
 */
function absolute(file: string, home: string): string {
  return path.resolve(home, withHome(file, home));
}

function shown(file: string, home: string): string {
  const resolved = absolute(file, home);
  return resolved.startsWith(home + path.sep) ? `~${resolved.slice(home.length).replaceAll('\\', '/')}` : resolved;
}
