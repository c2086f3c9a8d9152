import type { FileHandle } from 'node:fs/promises';
import { toError } from '../../base/errors.ts';
import { SerialQueue } from '../../base/async.ts';
import { encodeRecords } from './checkpoint.ts';
import type { PartRecord, StateRecord } from './checkpoint.ts';
import { onDisk } from '../files/disk.ts';

/**
 * After this many claims, each of at most one block, they are written at once: on a fast line the bytes of half a
 * second are too many to fetch again after a crash.
 */
const maxGathered = 16;

/** Checkpoint open for appending. Collects the newest claim of each part, and writes them together. */
export class Journal {
  private readonly path: string;
  private readonly handle: FileHandle;
  private readonly seed: number;
  private readonly flushAfterMs: number;
  private readonly waiting = new Map<number, PartRecord>();
  /** Number of claims since the last flush, including replaced ones. */
  private gathered = 0;
  private position: number;
  private timer: NodeJS.Timeout | undefined;
  private readonly writes = new SerialQueue();
  private failure: Error | undefined;

  /**
   * @param handle       open for writing; closed by `close`
   * @param seed         of the header of the file, see `recordSeed`
   * @param position     of the next record: the length of the file
   * @param flushAfterMs maximum delay of a claim: a kill loses the claims of this time, and the bytes in memory
   */
  constructor(path: string, handle: FileHandle, seed: number, position: number, flushAfterMs: number) {
    this.path = path;
    this.handle = handle;
    this.seed = seed;
    this.position = position;
    this.flushAfterMs = flushAfterMs;
  }

  /**
   * Claims bytes that are already written. Returns at once; the record is written later.
   * @throws AppError `disk/*` if an earlier record could not be written
   */
  note(record: PartRecord): void {
    if (this.failure !== undefined) {
      throw this.failure;
    }
    this.waiting.set(record.index, record);
    this.gathered += 1;
    if (this.gathered >= maxGathered) {
      this.flushSoon();
    } else {
      this.timer ??= setTimeout(() => this.flushSoon(), this.flushAfterMs);
    }
  }

  /** Writes the waiting claims, then `state`. @throws AppError `disk/*` */
  async flush(state?: StateRecord): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.gathered = 0;
    const records = [...this.waiting.values(), ...(state === undefined ? [] : [state])];
    this.waiting.clear();
    // one after the other, each at its position: the next write overwrites the rest of a failed one
    await this.writes.run(() => this.write(encodeRecords(records, this.seed)));
  }

  /** Syncs the flushed records to the disk, so that they survive a power failure. */
  async sync(): Promise<void> {
    await onDisk(this.path, () => this.handle.datasync());
  }

  /** Drops the waiting claims and closes the file. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.waiting.clear();
    await this.writes.settled();
    await this.handle.close();
  }

  /** Flushes in the background; the next `note` throws a failure. */
  private flushSoon(): void {
    this.flush().catch((error: unknown) => {
      this.failure = toError(error);
    });
  }

  private async write(bytes: Buffer): Promise<void> {
    await onDisk(this.path, async () => {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await this.handle.write(bytes, done, bytes.length - done, this.position + done);
        done += bytesWritten;
      }
    });
    this.position += bytes.length;
  }
}
