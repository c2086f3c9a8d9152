import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the checkpoints are, in the storage folder of `WorkerSetup`. */
export const checkpointFolder = 'checkpoints';

/**
 * Whether an earlier session left downloads behind: cheap enough for every start of the editor, so that the engine
 * need not be started to find out. What cannot be read counts as nothing; the engine says why when it starts.
 *
 * @param storagePath as in `WorkerSetup`
 */
export async function hasEarlierDownloads(storagePath: string): Promise<boolean> {
  const names = await readdir(join(storagePath, checkpointFolder)).catch(() => []);
  return names.some((name) => name.endsWith('.checkpoint'));
}
