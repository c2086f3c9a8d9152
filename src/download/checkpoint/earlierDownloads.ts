import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Folder of the checkpoints, in the storage folder of `WorkerSetup`. */
export const checkpointFolder = 'checkpoints';
/** Folder of the batch records. */
export const batchFolder = 'batches';

/**
 * Whether an earlier session left downloads: cheap enough for every start of the editor, without starting the engine.
 * An unreadable folder counts as empty; the engine reports the error when it starts.
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
