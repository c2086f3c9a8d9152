import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the checkpoints are, in the storage folder of `WorkerSetup`. */
export const checkpointFolder = 'checkpoints';
/** Where the records of batches are. */
export const batchFolder = 'batches';

/**
 * Whether an earlier session left downloads behind: cheap enough for every start of the editor, so that the engine
 * need not be started to find out. What cannot be read counts as nothing; the engine says why when it starts.
 *
 * @param storagePath as in `WorkerSetup`
 */
export async function hasEarlierDownloads(storagePath: string): Promise<boolean> {
  const [checkpoints, batches] = await Promise.all(
    [checkpointFolder, batchFolder].map((folder) => readdir(join(storagePath, folder)).catch(() => [])),
  );
  return [...(checkpoints ?? []), ...(batches ?? [])].some(
    (name) => name.endsWith('.checkpoint') || name.endsWith('.batch'),
  );
}
