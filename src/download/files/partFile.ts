import { constants } from 'node:fs';
import type { BigIntStats, Stats } from 'node:fs';
import { lstat, open, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { raceAbort } from '../../base/abort.ts';
import { AppError } from '../../base/errors.ts';
import { SerialQueue } from '../../base/async.ts';
import { dirname } from 'node:path';
import { diskError, errnoOf, onDisk, inFolder, removeIfThere } from './disk.ts';
import { sealFile, sealOf, noSeal } from './fileSeal.ts';
import { FileSync } from './fileSync.ts';
import { requireSpace } from './freeSpace.ts';
import { isOtherFile, isSameFile, commitFile, syncFolder } from './commitFile.ts';

/** Not available on Windows, where only administrators create links. */
const noFollow = 'O_NOFOLLOW' in constants ? constants.O_NOFOLLOW : 0;

/** The unfinished file on disk, open. It has the length of the whole object from the start (sparse where possible). */
export class PartFile {
  readonly path: string;
  private readonly handle: FileHandle;
  private readonly syncing: FileSync;
  private readonly writes = new SerialQueue();
  private closing: Promise<void> | undefined;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.handle = handle;
    this.syncing = new FileSync(handle);
  }

  /**
   * Creates a part file and its folders; replaces one that an earlier download left.
   * @throws AppError `disk/full` (fewer than `sizeBytes` free), `disk/targetExists` (not a file), `disk/*`
   */
  static async create(path: string, sizeBytes: number): Promise<PartFile> {
    return onDisk(path, async () => {
      await requireSpace(dirname(path), sizeBytes);
      await PartFile.discard(path);
      const handle = await createFile(path);
      try {
        await handle.truncate(sizeBytes);
      } catch (error) {
        await handle.close();
        await unlink(path);
        throw error;
      }
      return new PartFile(path, handle);
    });
  }

  /**
   * Creates an empty part file and its folders at a path that must not exist.
   * @throws AppError `disk/targetExists`, `disk/*`
   */
  static async createAt(path: string): Promise<PartFile> {
    return onDisk(path, async () => new PartFile(path, await createFile(path)));
  }

  /**
   * Opens the part file of an earlier session. Undefined if it is missing or is not that file: another length, a
   * folder, a link.
   * @throws AppError `disk/missing` (its folder is missing: the disk may not be mounted), `disk/*`
   */
  static async reopen(path: string, sizeBytes: number): Promise<PartFile | undefined> {
    return onDisk(path, async () => {
      await lstat(dirname(path));
      const there = await lstatOrUndefined(path);
      if (there === undefined || !there.isFile()) {
        return undefined;
      }
      const handle = await open(path, constants.O_RDWR | noFollow);
      const stats = await handle.stat();
      if (stats.isFile() && stats.size === sizeBytes && stats.nlink === 1) {
        return new PartFile(path, handle);
      }
      await handle.close();
      return undefined;
    });
  }

  /**
   * Opens the file at its final path after a crash during the commit: the part file must be missing or be the same
   * file. Undefined otherwise.
   * @throws AppError `disk/*`
   */
  static async openCommitted(target: string, path: string, sizeBytes: number): Promise<PartFile | undefined> {
    return onDisk(target, async () => {
      const [placed, part] = [await numbersOf(target), await numbersOf(path)];
      if (!placed?.isFile() || placed.size !== BigInt(sizeBytes) || (part !== undefined && !isSameFile(placed, part))) {
        return undefined;
      }
      return new PartFile(target, await open(target, constants.O_RDONLY | noFollow));
    });
  }

  /**
   * Removes the empty file that reserved the final name when a crash interrupted a commit without hard links. To be
   * called only for a commit that had started and an object that is not empty.
   * @throws AppError `disk/*`
   */
  static async removePlaceholder(target: string, path: string): Promise<void> {
    await onDisk(target, async () => {
      const [placed, part] = [await lstatOrUndefined(target), await lstatOrUndefined(path)];
      if (placed?.isFile() === true && placed.size === 0 && part?.isFile() === true) {
        await removeIfThere(target);
      }
    });
  }

  /**
   * Removes a part file, if there is one.
   * @throws AppError `disk/targetExists` for anything but a file: that is never removed
   */
  static async discard(path: string): Promise<void> {
    await onDisk(path, async () => {
      const there = await lstatOrUndefined(path);
      if (there === undefined) {
        return;
      }
      if (!there.isFile()) {
        throw new AppError('disk/targetExists', `the path of the unfinished file is not a file: ${path}`, {
          details: { subject: path },
        });
      }
      await unlink(path);
    });
  }

  /**
   * Writes all of `bytes` at `position`. Writes are serialized: the system allows one at a time per file, and those
   * that wait there keep a processor busy.
   * @param requireOwned called directly before the write: a process that was frozen meanwhile must not write
   */
  async writeAt(bytes: Uint8Array, position: number, requireOwned?: () => void): Promise<void> {
    await this.writes.run(async () => {
      requireOwned?.();
      await this.writeAlone(bytes, position);
    });
  }

  /** Reads into `buffer` from `position` on. @returns number of bytes read, fewer only at the end of the file */
  async readAt(buffer: Uint8Array, position: number): Promise<number> {
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await onDisk(this.path, () =>
        this.handle.read(buffer, filled, buffer.length - filled, position + filled),
      );
      if (bytesRead === 0) {
        break;
      }
      filled += bytesRead;
    }
    return filled;
  }

  /**
   * Syncs and seals the file at the end of a session, see fileSeal.ts.
   * @returns `noSeal` if the sync takes longer than `waitMs`, so that a pause does not wait for a slow disk
   * @throws AppError `disk/*` if a sync failed
   */
  async seal(waitMs: number): Promise<bigint> {
    return onDisk(this.path, async () => ((await this.syncing.allWithin(waitMs)) ? sealFile(this.handle) : noSeal));
  }

  /** Whether a sync failed: the claims since the last successful one are invalid. */
  get hasLostWrites(): boolean {
    return this.syncing.hasFailed;
  }

  /** Whether nothing has changed the file since it was sealed. */
  async isSealedBy(seal: bigint): Promise<boolean> {
    return seal !== noSeal && (await onDisk(this.path, () => sealOf(this.handle))) === seal;
  }

  /**
   * Some file systems (exFAT, FAT, NTFS) allocate the whole file at once: only the rest is needed.
   * @param sizeBytes of the whole object
   * @param bytesDone of it on the disk
   * @throws AppError `disk/full`
   */
  async requireSpace(sizeBytes: number, bytesDone: number): Promise<void> {
    const { blocks } = await onDisk(this.path, () => this.handle.stat());
    await requireSpace(dirname(this.path), sizeBytes - Math.max(bytesDone, blocks * 512));
  }

  /** Sets the length, if it was unknown when the file was created. */
  async truncate(sizeBytes: number): Promise<void> {
    await onDisk(this.path, () => this.handle.truncate(sizeBytes));
  }

  /** Sets the modification time. @param lastModified header as sent; ignored if absent or not a date */
  async setModified(lastModified: string | undefined): Promise<void> {
    const modifiedMs = Date.parse(lastModified ?? '');
    if (!Number.isNaN(modifiedMs)) {
      await onDisk(this.path, () => this.handle.utimes(new Date(), new Date(modifiedMs)));
    }
  }

  /**
   * Syncs everything that was written to disk. This may take long and cannot be interrupted: an abort only ends the
   * wait.
   * @throws `signal.reason` when aborted
   */
  async sync(signal: AbortSignal): Promise<void> {
    await raceAbort(
      onDisk(this.path, () => this.syncing.syncAll()),
      signal,
    );
  }

  /**
   * Moves the verified and synced file to its final path in one atomic step, syncs the folder and closes the file. It
   * stays open until then: to seal it after a failure, and to compare it with the file at the final path.
   * @param requireOwned called directly before the move: a process that was frozen may have lost the lease
   * @throws AppError `disk/targetExists` if `target` exists and must not be replaced; the part file is kept
   * @throws AppError `disk/failed` if another file was moved to `target`
   */
  async commit(target: string, overwrite: boolean, sizeBytes: number, requireOwned: () => void): Promise<void> {
    await onDisk(this.path, () => this.requireSelf(sizeBytes));
    requireOwned();
    await onDisk(target, async () => {
      await commitFile(this.path, target, overwrite);
      await this.requireNamed(target);
    });
    await this.close();
    await syncFolder(dirname(target));
  }

  /** Like `commit`, for a file whose name only this process knows, so that no check for changes is needed. */
  async commitOwn(target: string, overwrite: boolean): Promise<void> {
    await this.close();
    await onDisk(target, () => commitFile(this.path, target, overwrite));
    await syncFolder(dirname(target));
  }

  async close(): Promise<void> {
    const { pending } = this.syncing;
    if (pending === undefined) {
      this.closing ??= this.handle.close();
      await this.closing;
    } else {
      // closed in the background when the running sync has ended
      this.closing ??= pending.then(() => this.handle.close());
      this.closing.catch(() => undefined);
    }
  }

  private async writeAlone(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      // a short write is rare: signals, quotas, a disk that fills up
      const { bytesWritten } = await onDisk(this.path, () =>
        this.handle.write(bytes, done, bytes.length - done, position + done),
      );
      done += bytesWritten;
    }
    this.syncing.onWritten(bytes.length);
  }

  /** Checks that `target` names the file that was written. */
  private async requireNamed(target: string): Promise<void> {
    const [written, named] = [await this.handle.stat({ bigint: true }), await numbersOf(target)];
    if (named !== undefined && isOtherFile(named, written)) {
      throw new AppError('disk/failed', `another file than the proven one got the final name: ${target}`, {
        details: { subject: target },
      });
    }
  }

  /** Checks that the path still names the file that was written, with the same length: a rename goes by path. */
  private async requireSelf(sizeBytes: number): Promise<void> {
    const [written, named] = [await this.handle.stat({ bigint: true }), await numbersOf(this.path)];
    if (written.size !== BigInt(sizeBytes)) {
      throw new AppError('disk/failed', `another program has changed the length of the unfinished file: ${this.path}`, {
        details: { subject: this.path },
      });
    }
    if (named === undefined || isOtherFile(named, written)) {
      throw new AppError('disk/missing', `the unfinished file was removed or replaced: ${this.path}`, {
        details: { subject: this.path },
      });
    }
  }
}

/** `lstat`, but undefined if the path does not exist. @throws AppError `disk/*` */
export function lstatOrUndefined(path: string): Promise<Stats | undefined> {
  return orUndefined(path, () => lstat(path));
}

/** Like `lstatOrUndefined`, with exact 64-bit file numbers: a double would round them. */
function numbersOf(path: string): Promise<BigIntStats | undefined> {
  return orUndefined(path, () => lstat(path, { bigint: true }));
}

async function orUndefined<T>(path: string, look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') {
      return undefined;
    }
    throw diskError(error, path);
  }
}

/** Creates it, with the folders above it. */
async function createFile(path: string): Promise<FileHandle> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | noFollow;
  return inFolder(dirname(path), () => open(path, flags, 0o644));
}
