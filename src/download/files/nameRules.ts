import { mkdir, mkdtemp, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { lstatOrUndefined } from './partFile.ts';
import { onDisk } from './disk.ts';

/** Differences between names that a file system ignores. */
export interface NameRules {
  readonly foldsCase: boolean;
  /** Unicode normalization: an accented letter as one or two code points. */
  readonly foldsForm: boolean;
}

/** An existing entry of the file system. */
export interface ExistingEntry {
  readonly kind: 'file' | 'folder' | 'other';
  readonly sizeBytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
  /** Its name on disk, which may be spelled differently from the requested one. */
  readonly name: string;
}

/** Port: the file system operations of `LocalTree`. */
export interface TreeDisk {
  /** Describes the entry at a path; follows a link to a folder. */
  stat(path: string): Promise<ExistingEntry | undefined>;
  /** Creates a folder and its parents. */
  makeFolder(path: string): Promise<void>;
}

/** Determines the rules by creating a file in `folder`, which is created if missing. @throws AppError `disk/*` */
export async function probeNameRules(folder: string): Promise<NameRules> {
  return onDisk(folder, async () => {
    await mkdir(folder, { recursive: true });
    const probe = await mkdtemp(join(folder, '.ossdownload-'));
    try {
      await writeFile(join(probe, 'a\u00e9'), '');
      const isThere = async (name: string): Promise<boolean> =>
        (await lstatOrUndefined(join(probe, name))) !== undefined;
      return { foldsCase: await isThere('A\u00e9'), foldsForm: await isThere('ae\u0301') };
    } finally {
      await rm(probe, { recursive: true, force: true });
    }
  });
}

/** Normalizes a name: two names denote the same file if the results are equal. */
export function folded(name: string, { foldsCase, foldsForm }: NameRules): string {
  const formed = foldsForm ? name.normalize('NFC') : name;
  // Upper case first, so that the long s and the final sigma become a plain s and sigma.
  return foldsCase ? formed.toUpperCase().toLowerCase() : formed;
}

export function realDisk({ foldsCase, foldsForm }: NameRules): TreeDisk {
  return {
    async stat(path) {
      const there = await lstatOrUndefined(path);
      if (there === undefined) {
        return undefined;
      }
      const target = there.isSymbolicLink() ? await stat(path).catch(() => there) : there;
      const kind = target.isDirectory() ? 'folder' : there.isFile() ? 'file' : 'other';
      const isSpelledSurely = !(foldsCase || foldsForm) || there.isSymbolicLink();
      const name = isSpelledSurely ? basename(path) : basename(await onDisk(path, () => realpath(path)));
      return { kind, sizeBytes: there.size, modifiedMs: there.mtimeMs, name };
    },
    makeFolder: async (path) => {
      await onDisk(path, () => mkdir(path, { recursive: true }));
    },
  };
}
