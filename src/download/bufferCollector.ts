import { getHeapStatistics, queryObjects } from 'node:v8';

/**
 * V8 looks after young buffers only when it collects the young generation, and that only as its own objects fill it or the
 * buffers reach some 50 MiB. A copied chunk leaves next to no objects, so some garbage is made for every so many bytes:
 * measured here it takes 30 MiB off the process, and no time that could be measured.
 */
const wakeEveryBytes = 64 * 1024;
const wakeSlots = 1024;
/**
 * While the disk is behind, sockets hold their chunks for so long that they grow old, and old buffers are collected when
 * there are 64 MiB of them. Above this, live ones included, they are collected at once.
 */
const oldLimitBytes = 32 * 1024 * 1024;
const lookEveryBytes = 4 * 1024 * 1024;

/** Keeps the socket buffers that are garbage from piling up beside what the download really holds. */
export class BufferCollector {
  private sinceWakeBytes = 0;
  private sinceLookBytes = 0;
  private garbage: unknown[] = [];

  /** To be told of every chunk whose buffer is garbage now. */
  discarded(bytes: number): void {
    this.sinceWakeBytes += bytes;
    if (this.sinceWakeBytes >= wakeEveryBytes) {
      this.sinceLookBytes += this.sinceWakeBytes;
      this.sinceWakeBytes = 0;
      this.garbage = new Array(wakeSlots);
      if (this.sinceLookBytes >= lookEveryBytes) {
        this.look();
      }
    }
  }

  /** Nothing flows any more. */
  rest(): void {
    this.garbage.length = 0;
  }

  private look(): void {
    this.sinceLookBytes = 0;
    if (getHeapStatistics().external_memory > oldLimitBytes) {
      // What it finds does not matter: it is the one way to ask a thread's collector for a full round.
      queryObjects(BufferCollector);
    }
  }
}
