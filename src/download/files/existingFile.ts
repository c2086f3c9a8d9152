import type { ConflictPolicy } from '../batchModel.ts';
import type { KnownObject } from '../model.ts';
import { lstatOrUndefined } from './partFile.ts';

/** What the disk tells of a file without reading a byte. */
export interface FileFacts {
  readonly sizeBytes: number;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** What a listing tells of an object. */
export interface ListedFacts {
  readonly known?: KnownObject;
  /** Milliseconds since the epoch. */
  readonly modifiedMs?: number;
}

/** File systems keep times as coarsely as this. */
const coarsestMs = 2000;

/**
 * Whether a file may be taken for the object: as long, and not older than it. An object that was replaced is newer.
 * Never where one of the two is not known.
 */
export function isUnchanged(file: FileFacts | undefined, { known, modifiedMs }: ListedFacts): boolean {
  return (
    file !== undefined &&
    known !== undefined &&
    modifiedMs !== undefined &&
    file.sizeBytes === known.sizeBytes &&
    file.modifiedMs > modifiedMs - coarsestMs
  );
}

/** What is done about a file that is already there. */
export type ExistingFileAction = 'overwrite' | 'rename' | 'skip';

/** What to do about a file that is already there, by a policy that needs no question. */
export function resolveExisting(
  policy: Exclude<ConflictPolicy, 'ask'>,
  file: FileFacts | undefined,
  object: ListedFacts,
): ExistingFileAction {
  if (policy !== 'overwriteIfChanged') {
    return policy;
  }
  return isUnchanged(file, object) ? 'skip' : 'overwrite';
}

/** @returns undefined where no regular file stands at `path` @throws AppError `disk/*` */
export async function fileFacts(path: string): Promise<FileFacts | undefined> {
  const there = await lstatOrUndefined(path);
  return there?.isFile() === true ? { sizeBytes: there.size, modifiedMs: there.mtimeMs } : undefined;
}
