import { setTimeout as delay } from 'node:timers/promises';
import { errnoOf } from './disk.ts';

/**
 * Errors of a file that another program has open for a moment: virus scanners, indexers, sync clients. Windows reports
 * EPERM and EACCES for it, network drives and FUSE also EBUSY; elsewhere EPERM and EACCES are about permissions.
 */
const momentary = new Set(process.platform === 'win32' ? ['EBUSY', 'EPERM', 'EACCES'] : ['EBUSY']);
/** Waits between the attempts, 3 s in all: after that the error is reported. */
const waitsMs = [10, 40, 150, 300, 500, 1000, 1000];

/** Runs one call of the file system, and repeats it while another program has the file open. @throws its last error */
export async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (const waitMs of waitsMs) {
    try {
      return await call();
    } catch (error) {
      if (!momentary.has(errnoOf(error) ?? '')) {
        throw error;
      }
      await delay(waitMs);
    }
  }
  return call();
}
