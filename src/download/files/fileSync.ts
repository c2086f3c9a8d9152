import type { FileHandle } from 'node:fs/promises';
import { toError } from '../../base/errors.ts';

/**
 * The system is asked for so much at a time; it takes as long as it takes, and meanwhile bytes arrive and are written.
 */
const behindBytes = 64 * 1024 * 1024;

/**
 * Makes what is written to one file survive a power cut: piece by piece while more of it arrives, so that at its end
 * not all of it is waiting in memory, with a progress bar at 100 %.
 */
export class FileSync {
  private readonly handle: Pick<FileHandle, 'sync' | 'datasync'>;
  private unsyncedBytes = 0;
  private running: Promise<void> | undefined;
  private failure: Error | undefined;

  constructor(handle: Pick<FileHandle, 'sync' | 'datasync'>) {
    this.handle = handle;
  }

  /** Settles, always well, when what the system is doing now is done. */
  get underWay(): Promise<void> | undefined {
    return this.running;
  }

  /** To be told of all that was written. */
  written(bytes: number): void {
    this.unsyncedBytes += bytes;
    if (this.unsyncedBytes >= behindBytes && this.running === undefined) {
      this.unsyncedBytes = 0;
      void this.run(() => this.handle.datasync());
    }
  }

  /**
   * Syncs all that was written. @throws the failure of the system, also one of an earlier piece: the system tells it
   * only once
   */
  async all(): Promise<void> {
    await this.running;
    if (this.failure === undefined) {
      await this.run(() => this.handle.sync());
    }
    if (this.failure !== undefined) {
      throw this.failure;
    }
  }

  /**
   * Syncs all that was written, if the system does it soon enough.
   * @returns false when it needs longer than `waitMs`; then it goes on by itself
   * @throws the failure of the system, as `all`
   */
  async allWithin(waitMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), waitMs);
    });
    const synced = this.all().then(() => true);
    synced.catch(() => undefined); // a failure after the wait is seen by `hasFailed`
    return Promise.race([synced, late]).finally(() => clearTimeout(timer));
  }

  /** Whether the system ever failed to bring something to the disk. */
  get hasFailed(): boolean {
    return this.failure !== undefined;
  }

  private run(sync: () => Promise<void>): Promise<void> {
    this.running = sync()
      .catch((error: unknown) => {
        this.failure ??= toError(error);
      })
      .finally(() => {
        this.running = undefined;
      });
    return this.running;
  }
}
