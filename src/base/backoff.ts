/** Limits of the wait before a retry, in milliseconds. */
export interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * Exponential backoff with full jitter: a random wait between zero and `firstMs * 2^(attempt - 1)`, at most `maxMs`.
 * Never shorter than the wait that the server requested.
 *
 * @param attempt 1-based number of the attempt that failed
 * @param random  returns a number in [0, 1)
 * @param askedMs wait requested by the server (`Retry-After`, `x-oss-qos-delay-time`); 0: none
 * @returns milliseconds
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(attempt: number, options: BackoffOptions, random: () => number, askedMs = 0): number {
  const ceiling = Math.min(options.maxMs, options.firstMs * 2 ** (attempt - 1));
  return Math.round(Math.max(askedMs, random() * ceiling));
}
