import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { uptime } from 'node:os';

/** Far enough in the past that no write of any program gives a file this time by chance. */
const backdateMs = 10_000;

/**
 * A seal on a file that is left in order: 64 bits over its inode, length, times and the machine's boot. As long as it
 * holds, nothing has written to the file, so that it need not be read back. The file's time of change is set back for
 * it: the clock of file systems is too coarse to tell two writes within milliseconds apart, but a write always brings
 * it back to now. A reboot breaks every seal, because what was written may not have reached the disk.
 */
export async function sealFile(handle: FileHandle): Promise<bigint> {
  const before = new Date(Date.now() - backdateMs);
  await handle.utimes(before, before);
  return sealOf(handle);
}

/** What `sealFile` gave, if nothing has touched the file since. Never 0. */
export async function sealOf(handle: FileHandle): Promise<bigint> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await handle.stat({ bigint: true });
  const digest = createHash('sha256').update([dev, ino, size, mtimeNs, ctimeNs, bootOf()].join(' ')).digest();
  return digest.readBigUInt64LE() | 1n;
}

/**
 * Names this run of the machine. Where the system has no name for it, the minute of its start; a wrong guess costs a
 * check.
 */
function bootOf(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1');
  } catch {
    return String(Math.round((Date.now() - uptime() * 1000) / 60_000));
  }
}

/** For a session whose end left something unchecked. */
export const noSeal = 0n;
