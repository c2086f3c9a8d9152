import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fillSeeded, seededCrc64 } from '../../server/objects/seededObject.ts';

/** An object to be made: `sizeBytes` bytes from a seed, the same in every run. */
export interface ObjectSpec {
  readonly key: string;
  readonly sizeBytes: number;
  readonly seed: number;
}

/** An object as it stands on a server. */
export interface TestObject extends ObjectSpec {
  readonly crc64: bigint;
  /** Quotes included. */
  readonly etag: string;
  /** Of the bytes as they were made, by other code than any contender's. */
  readonly sha256: string;
}

const pieceBytes = 4 * 1024 * 1024;

/** Writes `<folder>/<key>`. */
export async function makeObject(folder: string, spec: ObjectSpec): Promise<TestObject> {
  const path = join(folder, spec.key);
  mkdirSync(dirname(path), { recursive: true });
  const handle = await open(path, 'w', 0o644);
  try {
    const sha256 = await fill(handle, spec);
    return { ...spec, crc64: seededCrc64(spec.seed, spec.sizeBytes), sha256, etag: etagOf(await handle.stat()) };
  } finally {
    await handle.close();
  }
}

/** As nginx makes it, from the time of the last change in seconds and the size. */
function etagOf({ mtimeMs, size }: Stats): string {
  return `"${Math.floor(mtimeMs / 1000).toString(16)}-${size.toString(16)}"`;
}

async function fill(handle: FileHandle, { seed, sizeBytes }: ObjectSpec): Promise<string> {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafeSlow(Math.min(pieceBytes, sizeBytes));
  for (let at = 0; at < sizeBytes; at += pieceBytes) {
    const bytes = piece.subarray(0, Math.min(pieceBytes, sizeBytes - at));
    fillSeeded(seed, at, bytes);
    hash.update(bytes);
    await handle.writeFile(bytes);
  }
  return hash.digest('hex');
}

/** @throws Error that names the file, where it is not there or its bytes are not the object's */
export async function requireFile(path: string, { key, sha256 }: TestObject): Promise<void> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(path, { highWaterMark: pieceBytes })) {
    hash.update(bytes as Buffer); // the cast: a stream without an encoding
  }
  if (hash.digest('hex') !== sha256) {
    throw new Error(`a wrong file was called good: ${key}`);
  }
}
