import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { withHome } from '../../base/homePath.ts';
import { sourceFailure } from './recipe.ts';

/** Configuration files are a few kilobytes; a larger one is something else. */
const maxFileBytes = 1024 * 1024;

/**
 * Without waiting: opening a named pipe would wait for its writer. On Windows the flag is undefined, which counts as 0.
 */
const readOnly = constants.O_RDONLY | constants.O_NONBLOCK;

/** What a file of the user's says right now. */
export interface UserFile {
  /** With `~` for the home folder, as it is shown. */
  readonly shownPath: string;
  readonly text: string;
  /** Whether others than its owner may read it; always false on Windows, where permissions are no such bits. */
  readonly isOpenToOthers: boolean;
}

/** Port: the files in which other programs keep credentials; they are only ever read. */
export interface UserFiles {
  /**
   * @throws AppError `auth/sourceFailed` (`missing`, `unreadable`, `malformed` for what is no text file of a sensible
   * size)
   */
  read(file: string): Promise<UserFile>;
}

/** @param home the folder that `~` stands for */
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
 * Only absolute paths and those below the home folder: what is relative would depend on where the editor was started.
 */
function absolute(file: string, home: string): string {
  return path.resolve(home, withHome(file, home));
}

function shown(file: string, home: string): string {
  const resolved = absolute(file, home);
  return resolved.startsWith(home + path.sep) ? `~${resolved.slice(home.length).replaceAll('\\', '/')}` : resolved;
}
