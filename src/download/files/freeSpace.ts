import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../base/errors.ts';
import { errnoOf } from './disk.ts';

/**
 * Reads the bytes that this user can still write on the drive of `folder`, which need not exist; undefined if the
 * system does not tell.
 */
export async function freeBytesAt(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize, blocks } = await statfs(folder);
    // Some network drives report 0 blocks, which says nothing about them.
    return blocks === 0 ? undefined : bavail * bsize;
  } catch (error) {
    const above = dirname(folder);
    return errnoOf(error) === 'ENOENT' && above !== folder ? freeBytesAt(above) : undefined;
  }
}

/** @throws AppError `disk/full` when fewer than `bytes` are free, as far as the system tells */
export async function requireSpace(folder: string, bytes: number): Promise<void> {
  const freeBytes = await freeBytesAt(folder);
  if (freeBytes !== undefined && freeBytes < bytes) {
    throw new AppError('disk/full', `${bytes} bytes are needed, ${freeBytes} are free: ${folder}`, {
      details: { subject: folder },
    });
  }
}
