import { readdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isOwnPartOf } from './partPath.ts';

/**
 * Removes what processes that are gone left beside these paths, of objects that they were downloading in one go.
 * One that is not gone loses an attempt by it, and tries again. What cannot be looked at or removed stays.
 */
export async function discardOwnParts(paths: readonly string[]): Promise<void> {
  for (const [folder, files] of Map.groupBy(paths, dirname)) {
    const names = await readdir(folder).catch(() => []);
    const left = names.filter((name) => name.includes('~') && files.some((path) => isOwnPartOf(path, name)));
    await Promise.all(left.map((name) => unlink(join(folder, name)).catch(() => undefined)));
  }
}
