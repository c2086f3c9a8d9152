import { constants } from 'node:fs';
import type { BigIntStats, Stats } from 'node:fs';
import { lstat, open, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { raceAbort } from '../../base/abort.ts';
import { AppError } from '../../base/errors.ts';
import { Turns } from '../../base/async.ts';
import { dirname } from 'node:path';
import { diskError, errnoOf, onDisk, inFolder } from './disk.ts';
import { sealFile, sealOf, noSeal } from './fileSeal.ts';
import { FileSync } from './fileSync.ts';
import { requireSpace } from './freeSpace.ts';
import { isOtherFile, isSameFile, placeFile, syncFolder } from './placeFile.ts';

/** Absent on Windows, where links are created only by administrators. */
const noFollow = 'O_NOFOLLOW' in constants ? constants.O_NOFOLLOW : 0;

/** The unfinished file on disk, open, as long as the whole object from the start (sparse where the file system can). */
export class PartFile {
  readonly path: string;
  private readonly handle: FileHandle;
  private readonly syncing: FileSync;
  private readonly writes = new Turns();
  private closing: Promise<void> | undefined;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.handle = handle;
    this.syncing = new FileSync(handle);
  }

  /**
   * Creates it anew, with the folders above it. An unfinished file that nobody claims is replaced.
   * @throws AppError `disk/full` (fewer than `sizeBytes` free), `disk/targetExists` (something else than a file),
   * `disk/*`
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
   * Creates an empty one, with the folders above it, where nothing is to be. @throws AppError `disk/targetExists`,
   * `disk/*`
   */
  static async createAt(path: string): Promise<PartFile> {
    return onDisk(path, async () => new PartFile(path, await createFile(path)));
  }

  /**
   * Opens the one that an earlier session left. Undefined where it is not there or is not the file that was left:
   * another length, a folder, a link.
   * @throws AppError `disk/missing` (the folder itself is gone: perhaps a disk that is not mounted), `disk/*`
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
   * Opens the file at its final name after a rename that a crash cut off: the part file is gone, or is the same file
   * still. Undefined where that is not so.
   */
  static async openPlaced(target: string, path: string, sizeBytes: number): Promise<PartFile | undefined> {
    return onDisk(target, async () => {
      const [placed, part] = [await numbersOf(target), await numbersOf(path)];
      if (!placed?.isFile() || placed.size !== BigInt(sizeBytes) || (part !== undefined && !isSameFile(placed, part))) {
        return undefined;
      }
      return new PartFile(target, await open(target, constants.O_RDONLY | noFollow));
    });
  }

  /**
   * Removes an unfinished file; not being there is fine.
   * @throws AppError `disk/targetExists` when something else than a file stands there: that is never removed
   */
  static async discard(path: string): Promise<void> {
    await onDisk(path, async () => {
      const there = await lstatOrUndefined(path);
      if (there === undefined) {
        return;
      }
      if (!there.isFile()) {
        throw new AppError('disk/targetExists', `something else stands where the unfinished file belongs: ${path}`, {
          details: { subject: path },
        });
      }
      await unlink(path);
    });
  }

  /**
   * Writes all of `bytes` from `position` on. One write after the other: the system lets only one into a file at a
   * time, and those that wait there keep a processor busy.
   * @param requireOwned called when the turn has come: a process that was frozen meanwhile must not write any more
   */
  async writeAt(bytes: Uint8Array, position: number, requireOwned?: () => Promise<void>): Promise<void> {
    await this.writes.run(async () => {
      await requireOwned?.();
      await this.writeAlone(bytes, position);
    });
  }

  /** Fills `buffer` from `position` on. Returns how many bytes the file held there. */
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
   * Marks it as left in order, see fileSeal.ts. Only what has reached the disk is sealed: `noSeal` where the system
   * needs longer than `waitMs` for it, so that a pause does not wait for a slow disk; then the claims are read back.
   * @throws AppError `disk/*` when what was written could not be brought to the disk
   */
  async seal(waitMs: number): Promise<bigint> {
    return onDisk(this.path, async () => ((await this.syncing.allWithin(waitMs)) ? sealFile(this.handle) : noSeal));
  }

  /** Whether the system lost bytes that it had taken: claims since the last successful sync are worth nothing. */
  get hasLostWrites(): boolean {
    return this.syncing.hasFailed;
  }

  /** Whether nothing has touched it since it was sealed. */
  async isSealedBy(seal: bigint): Promise<boolean> {
    return seal !== noSeal && (await onDisk(this.path, () => sealOf(this.handle))) === seal;
  }

  /** @throws AppError `disk/full` when fewer than `bytes` are free */
  async requireSpace(bytes: number): Promise<void> {
    await requireSpace(dirname(this.path), bytes);
  }

  /** Cuts it to its real length, where that was not known before. */
  async truncate(sizeBytes: number): Promise<void> {
    await onDisk(this.path, () => this.handle.truncate(sizeBytes));
  }

  /** @param lastModified the header as sent; without one, or with one that is no date, the file keeps its own time */
  async setModified(lastModified: string | undefined): Promise<void> {
    const modifiedMs = Date.parse(lastModified ?? '');
    if (!Number.isNaN(modifiedMs)) {
      await onDisk(this.path, () => this.handle.utimes(new Date(), new Date(modifiedMs)));
    }
  }

  /**
   * Makes what was written survive a power cut. That may take long, and nothing can stop the system in it: when
   * aborted, nobody waits for it any more.
   */
  async sync(signal: AbortSignal): Promise<void> {
    await raceAbort(
      onDisk(this.path, () => this.syncing.all()),
      signal,
    );
  }

  /**
   * Gives the proven and synced file its final name in one step, syncs the folder, closes it. It stays open until then:
   * after a failure it can still be sealed, and afterwards the name can be compared with the file that was written.
   * @param requireOwned called directly before the name is given: a process that was frozen owns nothing any more
   * @throws AppError `disk/targetExists` when a file stands at `target` and may not be replaced; the part file is kept
   * @throws AppError `disk/failed` when another file than this one got the name
   */
  async commit(
    target: string,
    overwrite: boolean,
    sizeBytes: number,
    requireOwned: () => Promise<void>,
  ): Promise<void> {
    await onDisk(this.path, () => this.requireSelf(sizeBytes));
    await requireOwned();
    await onDisk(target, async () => {
      await placeFile(this.path, target, overwrite);
      await this.requireNamed(target);
    });
    await this.close();
    await syncFolder(dirname(target));
  }

  /** The same for a file of a name that nobody else knows, so that nobody can have changed or replaced it. */
  async commitOwn(target: string, overwrite: boolean): Promise<void> {
    await this.close();
    await onDisk(target, () => placeFile(this.path, target, overwrite));
    await syncFolder(dirname(target));
  }

  async close(): Promise<void> {
    const { underWay } = this.syncing;
    if (underWay === undefined) {
      this.closing ??= this.handle.close();
      await this.closing;
    } else {
      // it closes when the system is done, for which nobody waits
      this.closing ??= underWay.then(() => this.handle.close());
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
    this.syncing.written(bytes.length);
  }

  /** Compares what got the final name with the file that was written. */
  private async requireNamed(target: string): Promise<void> {
    const [written, named] = [await this.handle.stat({ bigint: true }), await numbersOf(target)];
    if (named !== undefined && isOtherFile(named, written)) {
      throw new AppError('disk/failed', `another file than the proven one got the final name: ${target}`, {
        details: { subject: target },
      });
    }
  }

  /** What is renamed goes by its name: it must still be the file that was written, and as long. */
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

/** `lstat` without an exception for what is not there. */
export function lstatOrUndefined(path: string): Promise<Stats | undefined> {
  return orUndefined(path, () => lstat(path));
}

/** The same with the file's numbers as they are: they have 64 bits, a double would round them. */
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
