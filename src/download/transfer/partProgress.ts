import type { ByteRange } from '../../oss/model.ts';
import type { Checkpoint, PartRecord } from '../checkpoint/checkpoint.ts';
import { combineCrc64 } from './crc64.ts';
import { partBytes, partRange, planOf } from './plan.ts';
import type { Plan } from './plan.ts';

/** What is on disk of each part: its first `bytesDone` bytes, with their CRC-64. */
export class PartLedger {
  private planned: Plan;
  private readonly done: Float64Array;
  private readonly crcs: BigUint64Array;
  private total = 0;

  constructor(plan: Plan) {
    this.planned = plan;
    this.done = new Float64Array(plan.partCount);
    this.crcs = new BigUint64Array(plan.partCount);
  }

  /** For an object whose size only its end will tell: one part. */
  static openEnded(): PartLedger {
    return new PartLedger(planOf(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER));
  }

  /** The claims of a checkpoint. One that does not fit the plan is left out, so that its bytes are fetched again. */
  static from(plan: Plan, checkpoint: Checkpoint): PartLedger {
    const ledger = new PartLedger(plan);
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

  /** What is on disk is all there is of an open-ended object. */
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

  /** What the first part that is not complete still lacks; only meaningful while something is missing. */
  firstMissing(): ByteRange {
    let index = 0;
    while (this.isComplete(index) && index < this.plan.partCount - 1) {
      index += 1;
    }
    const { start, end } = partRange(this.plan, index);
    return { start: start + this.bytesOf(index), end };
  }

  /** Parts that claim at least one byte, as records. */
  claims(): PartRecord[] {
    const records: PartRecord[] = [];
    for (let index = 0; index < this.plan.partCount; index += 1) {
      if (this.bytesOf(index) > 0) {
        records.push({ kind: 'part', index, bytesDone: this.bytesOf(index), crc64: this.crcOf(index) });
      }
    }
    return records;
  }

  /** CRC-64 of the whole object; only meaningful when all parts are complete. */
  wholeCrc(): bigint {
    let crc = 0n;
    for (let index = 0; index < this.plan.partCount; index += 1) {
      crc = combineCrc64(crc, this.crcOf(index), this.bytesOf(index));
    }
    return crc;
  }
}
