import type { ByteRange } from '../../oss/model.ts';

const mebibyte = 1024 * 1024;
const defaultPartSizeBytes = 8 * mebibyte;
/**
 * The last parts are split into quarters: near the end idle connections wait for those that still download a part.
 */
const finePerPart = 4;
const partsCutFine = 8;
const maxParts = 10_000;

/** Division of an object: parts of one size, then fine parts, the last one shorter. An empty object has no part. */
export interface Plan {
  readonly sizeBytes: number;
  readonly partSizeBytes: number;
  /** Number of parts of that size; the following ones are a quarter of it. */
  readonly coarseParts: number;
  readonly partCount: number;
}

/**
 * Plans the parts of an object.
 * @param sizeBytes  size of the whole object
 * @param wanted     size of all parts in bytes, or `auto` for 8 MiB with fine parts at the end; raised to whole MiB if
 * there would be more than 10,000 parts
 * @param askedBytes size of the range that was already requested: the first part is at least that long
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

/** Rebuilds the plan of a checkpoint. Without `coarseParts` all parts have the same size. */
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

/** Size of the first request, in bytes, for an object of unknown size. */
export function firstPartBytes(wanted: number | 'auto'): number {
  return wanted === 'auto' ? defaultPartSizeBytes : wanted;
}

/** Range of part `index` (0-based). */
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

/** Index of the part that contains the byte at `position`. */
export function partAt({ partSizeBytes, coarseParts }: Plan, position: number): number {
  const coarse = Math.floor(position / partSizeBytes);
  return coarse < coarseParts
    ? coarse
    : coarseParts + Math.floor((position - coarseParts * partSizeBytes) / finePartBytes(partSizeBytes));
}

function finePartBytes(partSizeBytes: number): number {
  return Math.ceil(partSizeBytes / finePerPart);
}
