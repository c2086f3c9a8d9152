import { getHeapStatistics, queryObjects } from 'node:v8';

/**
 * So much is gathered for one write. A connection has at most two blocks in memory, so half a MiB is what a kill can
 * cost it. Larger blocks are no faster here, and 16 connections would hold as much more memory.
 */
export const blockBytes = 256 * 1024;

/**
 * Buffers in which chunks are gathered, used again and again. Chunks are copied into them, since they are only lent.
 * Those that come through a proxy's tunnel have buffers of their own, which are garbage at once: kept until a block is
 * full they would outlive the young generation and pile up by the hundred MiB.
 */
export class BlockPool {
  private readonly free: Buffer[] = [];
  private taken = 0;
  private readonly collector = new BufferCollector();

  /** A buffer of `blockBytes`, with whatever was in it last. */
  take(): Buffer {
    this.taken += 1;
    return this.free.pop() ?? Buffer.allocUnsafeSlow(blockBytes);
  }

  /** Copies a chunk into a block; the chunk is garbage then. */
  copy(chunk: Uint8Array, block: Buffer, offset: number): void {
    block.set(chunk, offset);
    this.collector.discarded(chunk.length);
  }

  /** When the last one comes back, nothing is downloading any more, and all memory is given up. */
  giveBack(block: Buffer): void {
    this.taken -= 1;
    this.free.push(block);
    if (this.taken === 0) {
      this.free.length = 0;
      this.collector.rest();
    }
  }
}

/**
 * V8 looks after young buffers only when it collects the young generation, and that only as its own objects fill it or
 * the buffers reach some 50 MiB. A copied chunk leaves next to no objects, so some garbage is made for every so many
 * bytes: measured here it takes 30 MiB off the process, and no time that could be measured.
 */
const wakeEveryBytes = 64 * 1024;
const wakeSlots = 1024;
/**
 * While the disk is behind, sockets hold their chunks for so long that they grow old, and old buffers are collected
 * when there are 64 MiB of them. Above this, live ones included, they are collected at once.
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
