import { lstatOrUndefined } from './partFile.ts';

/** What a file or a listing tells without reading a byte. */
export interface Dated {
  readonly sizeBytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** File systems keep times as coarsely as this. */
const coarsestMs = 2000;

/** Whether a file may be taken for the object: as long, and not older than it. An object that was replaced is newer. */
export function isUnchanged(file: Dated, object: Dated): boolean {
  return file.sizeBytes === object.sizeBytes && file.modifiedMs > object.modifiedMs - coarsestMs;
}

/** The same of the file at `path`. @throws AppError `disk/*` */
export async function isUnchangedOnDisk(path: string, object: Dated): Promise<boolean> {
  const there = await lstatOrUndefined(path);
  return there?.isFile() === true && isUnchanged({ sizeBytes: there.size, modifiedMs: there.mtimeMs }, object);
}
