/** How long to wait before each further try. All times in milliseconds. */
export interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * Exponential backoff with full jitter: a random wait between zero and `firstMs * 2^(attempt - 1)`, at most `maxMs`.
 * A wait that the server asked for is never undercut.
 *
 * @param attempt 1-based number of the try that has just failed
 * @param random  a number in [0, 1)
 * @param askedMs what the server asked for (`Retry-After`, `x-oss-qos-delay-time`), if it did
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(attempt: number, options: BackoffOptions, random: () => number, askedMs = 0): number {
  const ceiling = Math.min(options.maxMs, options.firstMs * 2 ** (attempt - 1));
  return Math.round(Math.max(askedMs, random() * ceiling));
}
