import { lstatOrUndefined } from './partFile.ts';

/** Facts about a file or object that are known without reading it. */
export interface SizeAndTime {
  readonly sizeBytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** Coarsest resolution of modification times (FAT). */
const timeResolutionMs = 2000;

/** Whether a file can be assumed to be the object: same length, and not older. A replaced object is newer. */
export function isUnchanged(file: SizeAndTime, object: SizeAndTime): boolean {
  return file.sizeBytes === object.sizeBytes && file.modifiedMs > object.modifiedMs - timeResolutionMs;
}

/** Like `isUnchanged`, for the file at `path`; false if there is none. @throws AppError `disk/*` */
export async function isUnchangedOnDisk(path: string, object: SizeAndTime): Promise<boolean> {
  const stats = await lstatOrUndefined(path);
  return stats?.isFile() === true && isUnchanged({ sizeBytes: stats.size, modifiedMs: stats.mtimeMs }, object);
}
