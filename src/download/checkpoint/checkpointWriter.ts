import type { FileHandle } from 'node:fs/promises';
import { toError } from '../../base/errors.ts';
import { Turns } from '../../base/async.ts';
import { encodeRecords } from './checkpoint.ts';
import type { PartRecord, StateRecord } from './checkpoint.ts';
import { onDisk } from '../files/disk.ts';

/**
 * So many claims are written without waiting for more, each of at most one block: on a fast line the bytes of half a
 * second would be too much to fetch again.
 */
const maxGathered = 16;

/** A checkpoint open for appending. Claims are gathered, the newest per part, and written together. */
export class Journal {
  private readonly path: string;
  private readonly handle: FileHandle;
  private readonly seed: number;
  private readonly flushAfterMs: number;
  private readonly waiting = new Map<number, PartRecord>();
  /** Claims since the last flush, also those that a newer one of their part has replaced. */
  private gathered = 0;
  private position: number;
  private timer: NodeJS.Timeout | undefined;
  private readonly writes = new Turns();
  private failure: Error | undefined;

  /**
   * @param handle       open for writing; closed by `close`
   * @param seed         of the header that the file begins with, see `recordSeed`
   * @param position     where the next record goes: the length of the file
   * @param flushAfterMs how long a claim may wait for others: what a kill can cost beside the bytes in memory
   */
  constructor(path: string, handle: FileHandle, seed: number, position: number, flushAfterMs: number) {
    this.path = path;
    this.handle = handle;
    this.seed = seed;
    this.position = position;
    this.flushAfterMs = flushAfterMs;
  }

  /**
   * Claims bytes that are already written. Returns at once; the record follows a little later.
   * @throws AppError `disk/*` when an earlier record could not be written
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

  /** Writes what is waiting, and `state` behind it. @throws AppError `disk/*` */
  async flush(state?: StateRecord): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.gathered = 0;
    const records = [...this.waiting.values(), ...(state === undefined ? [] : [state])];
    this.waiting.clear();
    // one after the other, each at its own place: what a failed write left is overwritten by the next one
    await this.writes.run(() => this.write(encodeRecords(records, this.seed)));
  }

  /** Makes what was flushed survive a power cut. */
  async sync(): Promise<void> {
    await onDisk(this.path, () => this.handle.datasync());
  }

  /** Drops what is waiting and closes the file. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    this.waiting.clear();
    await this.writes.settled();
    await this.handle.close();
  }

  /** Without waiting for it; a failure is told to the next `note`. */
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
