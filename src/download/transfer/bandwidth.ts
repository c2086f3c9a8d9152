import type { Clock } from '../../base/clock.ts';

/** Longest burst after a pause; short against the ten seconds over which the limit must hold. */
const burstMs = 100;
/** Shorter waits are accumulated: timers are not that precise. */
const minWaitMs = 5;

/**
 * Limits the bytes per second of all downloads together. A token bucket, stored as the time until which all received
 * bytes are paid for: a download takes bytes after receiving them, and waits before receiving more.
 */
export class Bandwidth {
  private readonly clock: Clock;
  private readonly bytesPerSecond: () => number;
  private paidUntilMs = 0;

  /** @param bytesPerSecond returns the current limit; 0: none */
  constructor(clock: Clock, bytesPerSecond: () => number) {
    this.clock = clock;
    this.bytesPerSecond = bytesPerSecond;
  }

  /** @returns the wait before receiving more; undefined: none. Rejects with `signal.reason` when aborted */
  take(bytes: number, signal: AbortSignal): Promise<void> | undefined {
    const limit = this.bytesPerSecond();
    if (limit <= 0) {
      return undefined;
    }
    const now = this.clock.steadyMs();
    this.paidUntilMs = Math.max(this.paidUntilMs, now - burstMs) + (bytes * 1000) / limit;
    const wait = this.paidUntilMs - now;
    return wait < minWaitMs ? undefined : this.clock.delay(wait, signal);
  }
}
