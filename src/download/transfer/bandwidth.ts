import type { Clock } from '../../base/clock.ts';

/** So much may come at once after a pause; short against the ten seconds over which the limit is to hold. */
const burstMs = 100;
/** Waits shorter than timers are exact are saved up. */
const worthwhileMs = 5;

/**
 * A limit on the bytes a second of all downloads together (a token bucket, kept as the moment until which all bytes so
 * far are paid for). Whoever received bytes takes them, and waits before it receives more.
 */
export class Bandwidth {
  private readonly clock: Clock;
  private readonly bytesPerSecond: () => number;
  private paidUntilMs = 0;

  /** @param bytesPerSecond the limit just now; 0: none */
  constructor(clock: Clock, bytesPerSecond: () => number) {
    this.clock = clock;
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Undefined: go on at once. The promise rejects with `signal.reason` when aborted. */
  take(bytes: number, signal: AbortSignal): Promise<void> | undefined {
    const limit = this.bytesPerSecond();
    if (limit <= 0) {
      return undefined;
    }
    const now = this.clock.steadyMs();
    this.paidUntilMs = Math.max(this.paidUntilMs, now - burstMs) + (bytes * 1000) / limit;
    const wait = this.paidUntilMs - now;
    return wait < worthwhileMs ? undefined : this.clock.delay(wait, signal);
  }
}
