import { mkdir, mkdtemp, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { lstatOrUndefined } from './partFile.ts';
import { onDisk } from './disk.ts';

/** Which differences between two names a file system does not see. */
export interface NameRules {
  readonly foldsCase: boolean;
  /** Unicode forms: one letter with its accent, or two characters. */
  readonly foldsForm: boolean;
}

/** What stands at a path. */
export interface ExistingEntry {
  readonly kind: 'file' | 'folder' | 'other';
  readonly sizeBytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
  /** Its name as the disk has it, which may be spelled otherwise than it was asked for. */
  readonly name: string;
}

/** Port: the disk as the tree of a batch sees it. */
export interface TreeDisk {
  /** Follows a link to a folder. */
  stat(path: string): Promise<ExistingEntry | undefined>;
  /** Makes a folder and those above it. */
  makeFolder(path: string): Promise<void>;
}

/** Tries it out in `folder`, which is made if it is not there. @throws AppError `disk/*` */
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

/** Two names are one file where these are equal. */
export function folded(name: string, { foldsCase, foldsForm }: NameRules): string {
  const formed = foldsForm ? name.normalize('NFC') : name;
  // Upper case first: so that the long s and the final sigma end where their likes do.
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
