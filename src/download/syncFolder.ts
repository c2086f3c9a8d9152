import { open } from 'node:fs/promises';
import { sharedRuns } from '../base/sharedRuns.ts';
import { errnoOf } from './diskErrors.ts';

/** Small files end one after the other, and syncing the folder for each costs as much as syncing the file does. */
const gatherMs = 5;

/**
 * Makes the renames in a folder that are done by now survive a power cut; files that end in one folder at about the same
 * time share a sync. Windows cannot sync a folder and need not.
 * @throws system errors as they come
 */
export const syncFolder: (folder: string) => Promise<void> =
  process.platform === 'win32' ? () => Promise.resolve() : sharedRuns(sync, gatherMs);

async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // some network file systems refuse it; there is nothing better to do
    if (!['EINVAL', 'ENOTSUP', 'EPERM', 'EISDIR'].includes(errnoOf(error) ?? '')) {
      throw error;
    }
  } finally {
    await handle.close();
  }
}
