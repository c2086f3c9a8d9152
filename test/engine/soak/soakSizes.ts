import { pick } from './soakFaults.ts';

const mebibyte = 1024 * 1024;

/** Small, so that most objects have several parts. */
export const partSizeBytes = mebibyte;

/** Sizes with a reason, and sizes spread over their logarithm up to 48 MiB. */
export function randomSize(random: () => number): number {
  if (random() < 0.2) {
    return pick(random, [0, 1, partSizeBytes - 1, partSizeBytes, partSizeBytes + 1, 2 * partSizeBytes]);
  }
  return Math.floor(10_000 * 4800 ** random());
}
