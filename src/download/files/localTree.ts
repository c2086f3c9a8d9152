import { join } from 'node:path';
import { AppError } from '../../base/errors.ts';
import { lstatOrUndefined } from './partFile.ts';
import { maxNumber, numberedPath, localName, twinNames } from './localPath.ts';
import { partPathOf } from './partPath.ts';
import { folded } from './nameRules.ts';
import type { ExistingEntry, NameRules, TreeDisk } from './nameRules.ts';
import type { InvalidNames } from '../model.ts';

/** Where a file goes, and what stands there already. */
export interface LocalPath {
  readonly path: string;
  readonly existing?: ExistingEntry;
}

/**
 * The local folder of a batch: gives every key a path of its own below it, whatever the names. A name that is taken, by
 * a key that differs in case or form only or by an object of a folder's name, gives way to a twin that is taken by
 * nobody. What is finished is remembered by the disk, so that nothing grows with the number of keys.
 */
export class LocalTree {
  private readonly root: string;
  private readonly rules: NameRules;
  private readonly disk: TreeDisk;
  private readonly invalidNames: InvalidNames;
  /** Files that are given out and need not be on disk yet, by folded path. */
  private readonly claims = new Set<string>();
  /** Keys come in order, so the folder of the last one is most often that of the next. */
  private lastFolder: { readonly names: string; readonly path: string } | undefined;

  /** @param root absolute path of the folder that nothing leaves */
  constructor(root: string, rules: NameRules, disk: TreeDisk, invalidNames: InvalidNames = 'encode') {
    this.invalidNames = invalidNames;
    this.root = root;
    this.rules = rules;
    this.disk = disk;
  }

  /** The path of a file that is under way already. */
  claim(path: string): void {
    this.claims.add(folded(path, this.rules));
  }

  release(path: string): void {
    this.claims.delete(folded(path, this.rules));
  }

  /** Makes the folder of these names and returns its path. @throws AppError `disk/*` */
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
   * Where the file of these names goes, its folders made.
   * @param names as they stand in the key, at least one
   * @throws AppError `input/invalidName`, `disk/targetExists` when neither the name nor its twins are free, `disk/*`
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
    throw taken(join(folder, localName(name)));
  }

  /** The first free name beside: `report (2).csv`. @throws AppError `disk/targetExists` */
  async numbered(path: string): Promise<string> {
    for (let number = 1; number <= maxNumber; number += 1) {
      const candidate = numberedPath(path, number);
      const isFree = !this.claims.has(folded(candidate, this.rules)) && (await this.disk.stat(candidate)) === undefined;
      if (isFree && (await lstatOrUndefined(partPathOf(candidate))) === undefined) {
        return candidate;
      }
    }
    throw taken(path);
  }

  /** The twins are made only where the name is taken: they take longer to make than all the rest. */
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
        // Made at once: the next key may have the same name in another spelling.
        await this.disk.makeFolder(path);
        return path;
      }
    }
    throw taken(join(parent, localName(name)));
  }
}

function taken(path: string): AppError {
  return new AppError('disk/targetExists', `the name is taken, and so are those that stand for it: ${path}`, {
    details: { subject: path },
  });
}
