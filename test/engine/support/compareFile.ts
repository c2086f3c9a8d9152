import { open } from 'node:fs/promises';
import { fillSeeded } from '../../server/objects/seededObject.ts';

const pieceBytes = 4 * 1024 * 1024;

/**
 * Compares a file byte for byte with the seeded object that it was downloaded from, in constant memory.
 * @returns what is wrong, in words; undefined where the file is identical
 */
export async function differenceFrom(path: string, seed: number, sizeBytes: number): Promise<string | undefined> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    if (size !== sizeBytes) {
      return `${size} bytes instead of ${sizeBytes}`;
    }
    const expected = Buffer.allocUnsafeSlow(pieceBytes);
    const found = Buffer.allocUnsafeSlow(pieceBytes);
    for (let at = 0; at < sizeBytes; at += pieceBytes) {
      const length = Math.min(pieceBytes, sizeBytes - at);
      const { bytesRead } = await handle.read(found, 0, length, at);
      fillSeeded(seed, at, expected.subarray(0, length));
      if (bytesRead !== length || found.compare(expected, 0, length, 0, length) !== 0) {
        return `another byte at ${at + firstDifference(found, expected, bytesRead)}`;
      }
    }
    return undefined;
  } finally {
    await handle.close();
  }
}

function firstDifference(found: Buffer, expected: Buffer, length: number): number {
  for (let i = 0; i < length; i++) {
    if (found[i] !== expected[i]) {
      return i;
    }
  }
  return length;
}
