import type { ByteRange } from '../../oss/model.ts';

const mebibyte = 1024 * 1024;
const defaultPartSizeBytes = 8 * mebibyte;
/**
 * At the end, connections that have nothing left to do wait for those that still bring a part: so the last of the
 * object is cut finer.
 */
const finePerPart = 4;
const partsCutFine = 8;
const maxParts = 10_000;

/** How an object is cut: parts of one size, then finer ones, the last one shorter. An empty object has no part. */
export interface Plan {
  readonly sizeBytes: number;
  readonly partSizeBytes: number;
  /** So many parts are of that size; those that follow are a quarter of it. */
  readonly coarseParts: number;
  readonly partCount: number;
}

/**
 * @param sizeBytes  size of the whole object
 * @param wanted     part size in bytes, for all parts; or `auto` for 8 MiB and a fine end; grown to whole MiB where
 * there would be more than 10,000 parts
 * @param askedBytes how much of the object the first request has asked for already: the first part is no smaller
 */
export function planParts(sizeBytes: number, wanted: number | 'auto', askedBytes = 0): Plan {
  const smallest = Math.ceil(sizeBytes / (wanted === 'auto' ? maxParts - partsCutFine * finePerPart : maxParts));
  const first = firstPartBytes(wanted);
  const partSizeBytes = first >= smallest ? first : Math.ceil(smallest / mebibyte) * mebibyte;
  if (wanted !== 'auto' || sizeBytes <= partSizeBytes) {
    return planOf(sizeBytes, partSizeBytes);
  }
  return planOf(
    sizeBytes,
    partSizeBytes,
    Math.max(askedBytes >= partSizeBytes ? 1 : 0, Math.ceil(sizeBytes / partSizeBytes) - partsCutFine),
  );
}

/** The plan that a checkpoint names. Without `coarseParts` all parts are of one size. */
export function planOf(sizeBytes: number, partSizeBytes: number, coarseParts = Infinity): Plan {
  const coarse = Math.min(coarseParts, Math.ceil(sizeBytes / partSizeBytes));
  const fineBytes = Math.max(0, sizeBytes - coarse * partSizeBytes);
  return {
    sizeBytes,
    partSizeBytes,
    coarseParts: coarse,
    partCount: coarse + Math.ceil(fineBytes / finePartBytes(partSizeBytes)),
  };
}

/** How much the first request asks for where the size is not known yet. */
export function firstPartBytes(wanted: number | 'auto'): number {
  return wanted === 'auto' ? defaultPartSizeBytes : wanted;
}

/** Bytes of the object that part `index` (0-based) covers. */
export function partRange({ sizeBytes, partSizeBytes, coarseParts }: Plan, index: number): ByteRange {
  const coarse = Math.min(index, coarseParts);
  const start = coarse * partSizeBytes + (index - coarse) * finePartBytes(partSizeBytes);
  return {
    start,
    end: Math.min(start + (index < coarseParts ? partSizeBytes : finePartBytes(partSizeBytes)), sizeBytes),
  };
}

export function partBytes(plan: Plan, index: number): number {
  const { start, end } = partRange(plan, index);
  return end - start;
}

/** The part that the byte at `position` belongs to. */
export function partAt({ partSizeBytes, coarseParts }: Plan, position: number): number {
  const coarse = Math.floor(position / partSizeBytes);
  return coarse < coarseParts
    ? coarse
    : coarseParts + Math.floor((position - coarseParts * partSizeBytes) / finePartBytes(partSizeBytes));
}

function finePartBytes(partSizeBytes: number): number {
  return Math.ceil(partSizeBytes / finePerPart);
}
