import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { uptime } from 'node:os';

/** Distance into the past that no write of another program reaches by chance. */
const backdateMs = 10_000;

/**
 * Seals a file at the end of a session: a 64-bit hash of its device, inode, length, times and the machine's boot id.
 * While the seal matches, nothing has written to the file, so that it need not be read back. Sealing backdates the
 * modification time: file system clocks are too coarse to tell two writes within milliseconds apart, but any write sets
 * the time to now. A reboot invalidates every seal, because writes may not have reached the disk.
 */
export async function sealFile(handle: FileHandle): Promise<bigint> {
  const before = new Date(Date.now() - backdateMs);
  await handle.utimes(before, before);
  return sealOf(handle);
}

/** Computes the seal of a file in its current state; equal to `sealFile`'s if nothing has touched it since. Never 0. */
export async function sealOf(handle: FileHandle): Promise<bigint> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await handle.stat({ bigint: true });
  const digest = createHash('sha256').update([dev, ino, size, mtimeNs, ctimeNs, bootOf()].join(' ')).digest();
  return digest.readBigUInt64LE() | 1n;
}

/**
 * Identifies the current boot of the machine: its boot id, else the minute of its start, where an error costs only a
 * check of the file.
 */
function bootOf(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1');
  } catch {
    return String(Math.round((Date.now() - uptime() * 1000) / 60_000));
  }
}

/** Seal of a session that did not end in order; never matches. */
export const noSeal = 0n;
