import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from './disk.ts';

/** Bytes that this user may still write to where `folder` is, or would be; undefined where the system does not tell. */
export async function freeBytesAt(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize, blocks } = await statfs(folder);
    // Some network drives tell nothing by telling of none.
    return blocks === 0 ? undefined : bavail * bsize;
  } catch (error) {
    const above = dirname(folder);
    return errnoOf(error) === 'ENOENT' && above !== folder ? freeBytesAt(above) : undefined;
  }
}
