import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { ObjectIdentity } from '../checkpoint/checkpointHeader.ts';
import type { Crc64 } from './crc64.ts';
import { errnoOf, onDisk } from '../files/disk.ts';
import type { FileVerdict } from '../model.ts';

const bufferBytes = 1024 * 1024;

/**
 * Compares a finished file with the object's size and CRC-64 in its checkpoint.
 * @throws AppError `disk/*`
 * @throws `signal.reason` when aborted
 */
export async function verifyFile(
  path: string,
  object: Pick<ObjectIdentity, 'sizeBytes' | 'crc64'> | undefined,
  crc64: Crc64,
  signal: AbortSignal,
): Promise<FileVerdict> {
  const file = await onDisk(path, () => openIfThere(path));
  if (file === undefined) {
    return 'missing';
  }
  try {
    const stats = await onDisk(path, () => file.stat());
    if (!stats.isFile() || (object?.sizeBytes !== undefined && object.sizeBytes !== stats.size)) {
      return 'changed';
    }
    if (object?.crc64 === undefined) {
      return object?.sizeBytes === undefined ? 'unknown' : 'sameSize';
    }
    return (await crcOf(file, path, crc64, signal)) === BigInt(object.crc64) ? 'intact' : 'changed';
  } finally {
    await file.close();
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

async function crcOf(file: FileHandle, path: string, crc64: Crc64, signal: AbortSignal): Promise<bigint> {
  const buffer = new Uint8Array(bufferBytes);
  let crc = 0n;
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await onDisk(path, () => file.read(buffer, 0, bufferBytes, null));
    if (bytesRead === 0) {
      return crc;
    }
    crc = crc64.extend(crc, buffer.subarray(0, bytesRead));
  }
}
