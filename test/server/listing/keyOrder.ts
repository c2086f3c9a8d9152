/**
 * OSS sorts keys by their UTF-8 bytes; JavaScript compares strings by UTF-16 units, which differs above U+FFFF.
 * A binary key is the UTF-8 bytes as one Latin-1 string, so that plain comparison is OSS's order.
 */
export type BinaryKey = string;

export function toBinary(key: string): BinaryKey {
  return Buffer.from(key, 'utf8').toString('latin1');
}

export function fromBinary(binary: BinaryKey): string {
  return Buffer.from(binary, 'latin1').toString('utf8');
}

/** UTF-8 never holds the byte 0xff, so this sorts behind every key with the prefix and before every other. */
export function afterPrefix(prefix: BinaryKey): BinaryKey {
  return `${prefix}\u00ff`;
}

/** Something sorted that can be asked for its n-th key: an array, or a rule that makes keys. */
export interface SortedKeys {
  readonly count: number;
  keyAt(index: number): BinaryKey;
}

/** Index of the first key that is not before `key`; `keys.count` when all are. */
export function lowerBound(keys: SortedKeys, key: BinaryKey): number {
  let low = 0;
  let high = keys.count;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (keys.keyAt(middle) < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
