import { afterPrefix, lowerBound, toBinary } from '../listing/keyOrder.ts';
import type { BinaryKey, SortedKeys } from '../listing/keyOrder.ts';
import { storedObject } from './storedObject.ts';
import type { StoredEntry, StoredObject } from './storedObject.ts';

/** The objects of a bucket: found by key, or by their place in OSS's order. Versions come newest first. */
export interface BucketObjects extends SortedKeys {
  versionsAt(index: number): readonly StoredEntry[];
  versionsOf(key: string): readonly StoredEntry[];
}

/** Objects that were put one by one. */
export class StoredObjects implements BucketObjects {
  readonly #versions = new Map<BinaryKey, readonly StoredEntry[]>();
  #sorted: readonly BinaryKey[] | undefined;

  get count(): number {
    return this.#keys().length;
  }

  keyAt(index: number): BinaryKey {
    return this.#keys()[index]!;
  }

  versionsAt(index: number): readonly StoredEntry[] {
    return this.#versions.get(this.keyAt(index))!;
  }

  versionsOf(key: string): readonly StoredEntry[] {
    return this.#versions.get(toBinary(key)) ?? [];
  }

  /** No versions left means that the key is gone. */
  set(key: string, versions: readonly StoredEntry[]): void {
    const binary = toBinary(key);
    if (versions.length === 0 ? this.#versions.delete(binary) : !this.#versions.has(binary)) {
      this.#sorted = undefined;
    }
    if (versions.length > 0) {
      this.#versions.set(binary, versions);
    }
  }

  #keys(): readonly BinaryKey[] {
    this.#sorted ??= [...this.#versions.keys()].sort((a, b) => (a < b ? -1 : 1));
    return this.#sorted;
  }
}

export interface GeneratedKeys {
  readonly count: number;
  /** Default 1000. */
  readonly keysPerFolder?: number;
  /** Default empty; ends with `/` where it is a folder. */
  readonly prefix?: string;
  /** Size of each object; its bytes are those of the seed that is its number. Default 64. */
  readonly sizeBytes?: number;
}

/** Objects made by a rule when they are asked for: `<prefix>folder-00012/file-0012345.bin`. A million cost nothing. */
export class GeneratedObjects implements BucketObjects {
  readonly count: number;
  readonly #prefix: string;
  readonly #keysPerFolder: number;
  readonly #sizeBytes: number;
  readonly #createdMs: number;

  constructor(rule: GeneratedKeys, createdMs: number) {
    this.count = rule.count;
    this.#prefix = rule.prefix ?? '';
    this.#keysPerFolder = rule.keysPerFolder ?? 1000;
    this.#sizeBytes = rule.sizeBytes ?? 64;
    this.#createdMs = createdMs;
  }

  keyAt(index: number): BinaryKey {
    return toBinary(this.#key(index));
  }

  versionsAt(index: number): readonly StoredObject[] {
    return [storedObject(this.#key(index), 'null', { seed: index, sizeBytes: this.#sizeBytes }, {}, this.#createdMs)];
  }

  versionsOf(key: string): readonly StoredEntry[] {
    const index = lowerBound(this, toBinary(key));
    return index < this.count && this.#key(index) === key ? this.versionsAt(index) : [];
  }

  #key(index: number): string {
    const folder = Math.floor(index / this.#keysPerFolder);
    return `${this.#prefix}folder-${pad(folder, 5)}/file-${pad(index, 7)}.bin`;
  }
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}

/** Where in the order a listing goes on after `key`; after everything below it where it is a prefix. */
export function indexAfter(objects: SortedKeys, key: BinaryKey, isPrefix: boolean): number {
  return lowerBound(objects, isPrefix ? afterPrefix(key) : `${key}\u0000`);
}
