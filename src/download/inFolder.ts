import { mkdir } from 'node:fs/promises';
import { errnoOf } from './diskErrors.ts';

/**
 * Does something in a folder that is most often there already; where it is not, makes it and those above it, and tries again.
 * @throws system errors as they come
 */
export async function inFolder<T>(folder: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') {
      throw error;
    }
    await mkdir(folder, { recursive: true });
    return act();
  }
}
