import { backoffMs } from '../../base/backoff.ts';
import type { Clock } from '../../base/clock.ts';
import { toAppError } from '../../base/errors.ts';
import type { AppError, ErrorRecord } from '../../base/errors.ts';
import type { BackoffOptions } from '../../base/backoff.ts';

/** An attempt that received this much resets the count of failures. A lower limit would let a server drip forever. */
export const creditBytes = 64 * 1024;
const backoff = { firstMs: 500, maxMs: 20_000 };
/** Longest wait that a server can request; longer ones are cut to it. */
const maxAskedMs = 60_000;

export interface RetryPolicy {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Number of consecutive failures after which another attempt is made. */
  readonly retries: () => number;
  /** Bytes received so far. */
  readonly progress: () => number;
  readonly onRetry: (failure: AppError, attempt: number) => void;
}

/**
 * Runs `attempt` until it succeeds, fails with an error that is not retryable, or fails too often without progress.
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

/** Waits for a lost network: 2 s, 4 s, … 30 s; after `maxNetworkWaits`, about ten minutes, the download fails. */
export const networkBackoff: BackoffOptions = { firstMs: 2000, maxMs: 30_000 };
export const maxNetworkWaits = 22;

/** Whether the connection was lost and may come back, with another network or when the machine wakes up. */
export function isNetworkGone({ code, retryable }: Pick<ErrorRecord, 'code' | 'retryable'>): boolean {
  return retryable && code.startsWith('network/');
}
