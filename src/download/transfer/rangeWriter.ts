import { AppError, toAppError } from '../../base/errors.ts';
import { blockBytes } from './blockPool.ts';
import type { ByteRange } from '../../oss/model.ts';
import { partAt, partRange } from './plan.ts';
import type { Transfer } from './transfer.ts';

interface Block {
  readonly buffer: Buffer;
  readonly position: number;
  readonly bytes: number;
}

/**
 * Writes the bytes of one response to disk in blocks: hashed, written, and only then claimed, in memory and in the
 * checkpoint. A block never exceeds the end of its part.
 */
export class RangeWriter {
  private readonly transfer: Transfer;
  private readonly end: number;
  private gathering: Buffer | undefined;
  private blockStart: number;
  private blockEnd: number;
  private position: number;
  private queued = 0;
  private tail: Promise<void> = Promise.resolve();
  private failure: Error | undefined;

  /** @param range destination of the bytes; it starts where the claim of its part ends */
  constructor(transfer: Transfer, range: ByteRange) {
    this.transfer = transfer;
    this.end = range.end;
    this.position = range.start;
    this.blockStart = range.start;
    this.blockEnd = this.nextBlockEnd();
  }

  /**
   * Copies a chunk; the caller may reuse it afterwards.
   * @returns a promise to await before the next chunk, if the disk is behind or the bandwidth is used up
   * @throws AppError `range/notHonoured` for bytes after the range, `disk/*`
   */
  push(chunk: Uint8Array, signal: AbortSignal): void | Promise<void> {
    if (this.failure !== undefined) {
      throw this.failure;
    }
    if (this.position + chunk.length > this.end) {
      throw new AppError(
        'range/notHonoured',
        `the server sent more than was asked for: ${this.position + chunk.length - this.end} bytes`,
        { retryable: true },
      );
    }
    this.transfer.deps.budget.received(chunk.length);
    this.transfer.observer.onBytes(chunk.length);
    for (let rest = chunk; rest.length > 0;) {
      const taken = rest.subarray(0, this.blockEnd - this.position);
      this.gathering ??= this.transfer.deps.blocks.take();
      this.gathering.set(taken, this.position - this.blockStart);
      this.position += taken.length;
      if (this.position === this.blockEnd) {
        this.seal();
      }
      rest = rest.subarray(taken.length);
    }
    const spent = this.transfer.deps.bandwidth.take(chunk.length, signal);
    if (this.queued === 0) {
      return spent;
    }
    return spent === undefined ? this.tail : Promise.all([spent, this.tail]).then(() => undefined);
  }

  /** Writes the incomplete block and waits for all writes. @throws AppError `disk/*`, `download/ownedElsewhere` */
  async finish(): Promise<void> {
    this.seal();
    await this.tail;
  }

  /**
   * Must be called after a regular end of the response; ends an object of unknown size.
   * @throws AppError `network/interrupted` if bytes of the range are missing
   */
  complete(): void {
    const { object, ledger } = this.transfer;
    if (object.sizeBytes === undefined) {
      ledger.endHere();
    } else if (this.position < this.end) {
      throw new AppError('network/interrupted', `the answer ended ${this.end - this.position} bytes early`, {
        retryable: true,
      });
    }
  }

  private seal(): void {
    if (this.gathering === undefined) {
      return;
    }
    const block = { buffer: this.gathering, position: this.blockStart, bytes: this.position - this.blockStart };
    this.gathering = undefined;
    this.blockStart = this.position;
    this.blockEnd = this.nextBlockEnd();
    this.queued += 1;
    this.tail = this.writeAfter(this.tail, block);
    // avoids an unhandled rejection until the tail is awaited
    this.tail.catch(() => undefined);
  }

  private async writeAfter(before: Promise<void>, block: Block): Promise<void> {
    try {
      await before;
      await this.write(block);
    } catch (error) {
      this.failure ??= toAppError(error);
      this.transfer.observer.onBytes(-block.bytes);
      throw error;
    } finally {
      this.queued -= 1;
      this.transfer.deps.blocks.giveBack(block.buffer);
    }
  }

  private async write(block: Block): Promise<void> {
    const { file, journal, ledger, lease, deps } = this.transfer;
    const index = partAt(ledger.plan, block.position);
    const bytes = block.buffer.subarray(0, block.bytes);
    const writing = file.writeAt(bytes, block.position, () => lease.requireOwned());
    // hashed while the disk is busy
    const crc64 = deps.crc64.extend(ledger.crcOf(index), bytes);
    await writing;
    const bytesDone = ledger.bytesOf(index) + block.bytes;
    ledger.set(index, bytesDone, crc64);
    journal.note({ kind: 'part', index, bytesDone, crc64 });
  }

  private nextBlockEnd(): number {
    const { plan } = this.transfer.ledger;
    const part = partRange(plan, Math.min(Math.max(0, plan.partCount - 1), partAt(plan, this.blockStart)));
    return Math.min(this.end, part.end, this.blockStart + blockBytes);
  }
}
