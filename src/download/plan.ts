import type { ByteRange } from '../oss/model.ts';

const mebibyte = 1024 * 1024;
const defaultPartSizeBytes = 8 * mebibyte;
const maxParts = 10_000;

/** How an object is cut into parts: all of one size, the last one shorter. An empty object has no part. */
export interface Plan {
  readonly sizeBytes: number;
  readonly partSizeBytes: number;
  readonly partCount: number;
}

/**
 * @param sizeBytes size of the whole object
 * @param wanted    part size in bytes, or `auto` for 8 MiB; grown to whole MiB where there would be more than 10,000 parts
 */
export function planParts(sizeBytes: number, wanted: number | 'auto'): Plan {
  const smallest = Math.ceil(sizeBytes / maxParts);
  const partSizeBytes = firstPartBytes(wanted);
  return planOf(sizeBytes, partSizeBytes >= smallest ? partSizeBytes : Math.ceil(smallest / mebibyte) * mebibyte);
}

/** The plan that a checkpoint names. */
export function planOf(sizeBytes: number, partSizeBytes: number): Plan {
  return { sizeBytes, partSizeBytes, partCount: Math.ceil(sizeBytes / partSizeBytes) };
}

/** How much the first request asks for where the size is not known yet. */
export function firstPartBytes(wanted: number | 'auto'): number {
  return wanted === 'auto' ? defaultPartSizeBytes : wanted;
}

/** Bytes of the object that part `index` (0-based) covers. */
export function partRange(plan: Plan, index: number): ByteRange {
  const start = index * plan.partSizeBytes;
  return { start, end: Math.min(start + plan.partSizeBytes, plan.sizeBytes) };
}

export function partBytes(plan: Plan, index: number): number {
  const { start, end } = partRange(plan, index);
  return end - start;
}
