import { join } from 'node:path';
import { AppError } from '../../base/errors.ts';
import { lstatOrUndefined } from './partFile.ts';
import { numberedPaths, localName, twinNames } from './localPath.ts';
import { partPathOf } from './partPath.ts';
import { folded } from './nameRules.ts';
import type { ExistingEntry, NameRules, TreeDisk } from './nameRules.ts';
import type { InvalidNames } from '../model.ts';

/** Path of a file, and the entry that already exists there. */
export interface LocalPath {
  readonly path: string;
  readonly existing?: ExistingEntry;
}

/**
 * Local folder of a batch: maps every key to its own path below it. A name that is taken, by a key that differs in case
 * or Unicode form only or by an object with the name of a folder, is replaced by one of its `twinNames`. Paths in
 * progress are kept in memory, finished ones are found on disk, so that memory does not grow with the number of keys.
 */
export class LocalTree {
  private readonly root: string;
  private readonly rules: NameRules;
  private readonly disk: TreeDisk;
  private readonly invalidNames: InvalidNames;
  /** Folded paths of files in progress, which may not exist on disk yet. */
  private readonly claims = new Set<string>();
  /** Folder of the last key: keys come in order, so the next one mostly shares it. */
  private lastFolder: { readonly names: string; readonly path: string } | undefined;

  /** @param root absolute path; all paths are below it */
  constructor(root: string, rules: NameRules, disk: TreeDisk, invalidNames: InvalidNames = 'encode') {
    this.invalidNames = invalidNames;
    this.root = root;
    this.rules = rules;
    this.disk = disk;
  }

  /** Marks the path of a file in progress as taken. */
  claim(path: string): void {
    this.claims.add(folded(path, this.rules));
  }

  release(path: string): void {
    this.claims.delete(folded(path, this.rules));
  }

  /** Creates the folder with these names and returns its path. @throws AppError `disk/*` */
  async folder(names: readonly string[]): Promise<string> {
    const key = `${names.length}:${names.join('/')}`;
    if (this.lastFolder?.names === key) {
      return this.lastFolder.path;
    }
    let path = this.root;
    for (const name of names) {
      path = await this.subfolder(path, name);
    }
    await this.disk.makeFolder(path);
    this.lastFolder = { names: key, path };
    return path;
  }

  /**
   * Returns the path of the file with these names, and creates its folders.
   * @param names segments of the key, at least one
   * @throws AppError `input/invalidName`, `disk/targetExists` if neither the name nor its twins are free, `disk/*`
   */
  async file(names: readonly string[]): Promise<LocalPath> {
    const folder = await this.folder(names.slice(0, -1));
    const name = names.at(-1) ?? '';
    for (const candidate of this.candidates(name)) {
      const path = join(folder, candidate);
      const existing = await this.disk.stat(path);
      const isTaken =
        this.claims.has(folded(path, this.rules)) ||
        (existing !== undefined && (existing.kind === 'folder' || existing.name !== candidate));
      if (!isTaken) {
        return existing === undefined ? { path } : { path, existing };
      }
    }
    throw nameTaken(join(folder, localName(name)));
  }

  /** Returns the first free numbered path: `report (2).csv`. @throws AppError `disk/targetExists` */
  async numbered(path: string): Promise<string> {
    for (const candidate of numberedPaths(path)) {
      const isFree = !this.claims.has(folded(candidate, this.rules)) && (await this.disk.stat(candidate)) === undefined;
      if (isFree && (await lstatOrUndefined(partPathOf(candidate))) === undefined) {
        return candidate;
      }
    }
    throw nameTaken(path);
  }

  /** Lazy: computing the twins is the most expensive part, and rarely needed. */
  private *candidates(name: string): Generator<string> {
    yield localName(name, this.invalidNames);
    yield* twinNames(name);
  }

  private async subfolder(parent: string, name: string): Promise<string> {
    for (const candidate of this.candidates(name)) {
      const path = join(parent, candidate);
      const existing = await this.disk.stat(path);
      const isFree =
        existing === undefined
          ? !this.claims.has(folded(path, this.rules))
          : existing.kind === 'folder' && existing.name === candidate;
      if (isFree) {
        // Created at once: the next key may have the same name in another spelling.
        await this.disk.makeFolder(path);
        return path;
      }
    }
    throw nameTaken(join(parent, localName(name)));
  }
}

function nameTaken(path: string): AppError {
  return new AppError('disk/targetExists', `the name is taken, and so are those that stand for it: ${path}`, {
    details: { subject: path },
  });
}
