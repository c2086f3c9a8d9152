import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The unit of `stat.blocks` on every system. */
const blockBytes = 512;

/** Bytes that the files below a folder really have; holes, which nobody has written to yet, do not count. */
export function bytesOnDisk(folder: string): number {
  let bytes = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    bytes += stats?.isFile() === true ? stats.blocks * blockBytes : 0;
  }
  return bytes;
}
