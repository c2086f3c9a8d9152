import { delay } from './abort.ts';

/** Port: time, so that tests can control it. */
export interface Clock {
  /** Milliseconds since the epoch; jumps when the system clock is set. */
  wallMs(): number;
  /** Milliseconds since an arbitrary moment; monotonic. For durations and rates. */
  steadyMs(): number;
  /** Waits `ms` milliseconds. @throws `signal.reason` as soon as the signal is aborted. */
  delay(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = { wallMs: () => Date.now(), steadyMs: () => performance.now(), delay };
