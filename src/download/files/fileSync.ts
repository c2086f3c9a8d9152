import type { FileHandle } from 'node:fs/promises';
import { toError } from '../../base/errors.ts';

/**
 * A sync starts in the background whenever this much was written since the last one.
 */
const syncIntervalBytes = 64 * 1024 * 1024;

/**
 * Syncs one file to disk, against power cuts: in steps while bytes arrive, so that the final sync, when the progress is
 * at 100 %, is short.
 */
export class FileSync {
  private readonly handle: Pick<FileHandle, 'sync' | 'datasync'>;
  private unsyncedBytes = 0;
  private running: Promise<void> | undefined;
  private failure: Error | undefined;

  constructor(handle: Pick<FileHandle, 'sync' | 'datasync'>) {
    this.handle = handle;
  }

  /** Resolves when the running sync ends; never rejects. Undefined: none is running. */
  get pending(): Promise<void> | undefined {
    return this.running;
  }

  /** Must be called after each write. */
  onWritten(bytes: number): void {
    this.unsyncedBytes += bytes;
    if (this.unsyncedBytes >= syncIntervalBytes && this.running === undefined) {
      this.unsyncedBytes = 0;
      void this.run(() => this.handle.datasync());
    }
  }

  /**
   * Syncs everything that was written.
   * @throws the first failure of any sync of this file, also in the background: the system reports it only once
   */
  async syncAll(): Promise<void> {
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
    const synced = this.syncAll().then(() => true);
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
