import { BufferCollector } from './bufferCollector.ts';

/**
 * So much is gathered for one write. A connection has at most two blocks in memory, so half a MiB is what a kill can cost it.
 * Larger blocks are no faster here, and 16 connections would hold as much more memory.
 */
export const blockBytes = 256 * 1024;

/**
 * Buffers in which chunks are gathered, used again and again. Chunks are copied into them, since they are only lent. Those
 * that come through a proxy's tunnel have buffers of their own, which are garbage at once: kept until a block is full they
 * would outlive the young generation and pile up by the hundred MiB.
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
