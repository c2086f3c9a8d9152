import type { ByteRange } from '../../oss/model.ts';
import type { Checkpoint, PartRecord } from '../checkpoint/checkpoint.ts';
import { combineCrc64 } from './crc64.ts';
import { partBytes, partRange, planOf } from './plan.ts';
import type { Plan } from './plan.ts';

/** Progress of each part: its first `bytesDone` bytes are on disk, with their CRC-64. */
export class PartProgress {
  private planned: Plan;
  private readonly done: Float64Array;
  private readonly crcs: BigUint64Array;
  private total = 0;

  constructor(plan: Plan) {
    this.planned = plan;
    this.done = new Float64Array(plan.partCount);
    this.crcs = new BigUint64Array(plan.partCount);
  }

  /** Creates the progress of an object of unknown size: one part. */
  static openEnded(): PartProgress {
    return new PartProgress(planOf(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER));
  }

  /**
   * Restores the claims of a checkpoint; drops those that do not fit the plan, so that their bytes are fetched again.
   */
  static from(plan: Plan, checkpoint: Checkpoint): PartProgress {
    const ledger = new PartProgress(plan);
    for (const { index, bytesDone, crc64 } of checkpoint.parts.values()) {
      if (index < plan.partCount && bytesDone <= partBytes(plan, index)) {
        ledger.set(index, bytesDone, crc64);
      }
    }
    return ledger;
  }

  get plan(): Plan {
    return this.planned;
  }

  /** Sets the size of an object of unknown size to the bytes on disk. */
  endHere(): void {
    this.planned = { ...planOf(this.total, Math.max(1, this.total)), partCount: 1 };
  }

  /** Bytes on disk, of all parts. */
  get bytesDone(): number {
    return this.total;
  }

  set(index: number, bytesDone: number, crc64: bigint): void {
    this.total += bytesDone - this.bytesOf(index);
    this.done[index] = bytesDone;
    this.crcs[index] = crc64;
  }

  clear(index: number): void {
    this.set(index, 0, 0n);
  }

  clearAll(): void {
    this.done.fill(0);
    this.crcs.fill(0n);
    this.total = 0;
  }

  bytesOf(index: number): number {
    return this.done[index] ?? 0;
  }

  crcOf(index: number): bigint {
    return this.crcs[index] ?? 0n;
  }

  isComplete(index: number): boolean {
    return this.bytesOf(index) === partBytes(this.plan, index);
  }

  get complete(): boolean {
    return this.total === this.plan.sizeBytes;
  }

  /** Returns the missing bytes of the first incomplete part; must not be called when complete. */
  firstMissing(): ByteRange {
    let index = 0;
    while (this.isComplete(index) && index < this.plan.partCount - 1) {
      index += 1;
    }
    const { start, end } = partRange(this.plan, index);
    return { start: start + this.bytesOf(index), end };
  }

  /** Returns the records of all parts with at least one byte. */
  claims(): PartRecord[] {
    const records: PartRecord[] = [];
    for (let index = 0; index < this.plan.partCount; index += 1) {
      if (this.bytesOf(index) > 0) {
        records.push({ kind: 'part', index, bytesDone: this.bytesOf(index), crc64: this.crcOf(index) });
      }
    }
    return records;
  }

  /** Computes the CRC-64 of the whole object; all parts must be complete. */
  wholeCrc(): bigint {
    let crc = 0n;
    for (let index = 0; index < this.plan.partCount; index += 1) {
      crc = combineCrc64(crc, this.crcOf(index), this.bytesOf(index));
    }
    return crc;
  }
}
