import { backoffMs } from '../../base/backoff.ts';
import type { Clock } from '../../base/clock.ts';
import { toAppError } from '../../base/errors.ts';
import type { AppError, ErrorRecord } from '../../base/errors.ts';
import type { BackoffOptions } from '../../base/backoff.ts';

/** An attempt that brought so much is no failed one: the count begins anew. Less would let a server drip forever. */
const creditBytes = 64 * 1024;
const backoff = { firstMs: 500, maxMs: 20_000 };
/** A server may ask for patience, but not for more than this. */
const maxAskedMs = 60_000;

export interface RetryPolicy {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** How many failed attempts in a row are followed by another one. */
  readonly retries: () => number;
  /** Bytes that arrived so far. */
  readonly progress: () => number;
  readonly onRetry: (failure: AppError, attempt: number) => void;
}

/**
 * Runs `attempt` until it succeeds, fails for good, or has failed too often without bringing anything.
 * @throws AppError of the last attempt
 * @throws `signal.reason` when aborted
 */
export async function withRetries<T>(policy: RetryPolicy, attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
  let failures = 0;
  let credited = policy.progress();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      const failure = toAppError(error);
      if (policy.progress() - credited >= creditBytes) {
        credited = policy.progress();
        failures = 0;
      }
      failures += 1;
      if (!failure.retryable || failures > policy.retries()) {
        throw failure;
      }
      policy.onRetry(failure, failures);
      const asked = Math.min(failure.details.retryAfterMs ?? 0, maxAskedMs);
      await policy.clock.delay(backoffMs(failures, backoff, policy.random, asked), signal);
    }
  }
}

/** A network that went away is looked for again after 2 s, 4 s, … 30 s; about ten minutes in all. */
export const networkBackoff: BackoffOptions = { firstMs: 2000, maxMs: 30_000 };
export const maxNetworkWaits = 22;

/** The way there broke, and may be mended: another network, a machine that woke up. */
export function isNetworkGone({ code, retryable }: Pick<ErrorRecord, 'code' | 'retryable'>): boolean {
  return retryable && code.startsWith('network/');
}
