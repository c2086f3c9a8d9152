/**
 * Bytes per write to disk. A connection has at most two blocks in memory, so a kill costs it at most half a MiB.
 * Larger blocks were not faster, and take more memory with 16 connections.
 */
export const blockBytes = 256 * 1024;

/**
 * Pool of the buffers in which chunks are gathered, which are only valid during a call. Chunks are copied even if they
 * come through a proxy's tunnel and have their own buffers: kept until a block is full these would outlive the young
 * generation and accumulate by the hundred MiB. Measured for 1 GiB over 16 connections: the process grows by 37 to
 * 52 MiB, also through a tunnel.
 */
export class BlockPool {
  private readonly free: Buffer[] = [];
  private taken = 0;

  /** Returns a buffer of `blockBytes` with undefined content. */
  take(): Buffer {
    this.taken += 1;
    return this.free.pop() ?? Buffer.allocUnsafeSlow(blockBytes);
  }

  /** Returns a buffer to the pool; when all are back, nothing is downloading, and the pool frees its memory. */
  giveBack(block: Buffer): void {
    this.taken -= 1;
    this.free.push(block);
    if (this.taken === 0) {
      this.free.length = 0;
    }
  }
}
