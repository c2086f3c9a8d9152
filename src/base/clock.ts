import { delay } from './abort.ts';

/** Time as the engine sees it, so that tests can drive it. */
export interface Clock {
  /** Milliseconds since the epoch; jumps when somebody sets the clock. */
  wallMs(): number;
  /** Milliseconds since some moment; never goes back. For durations and rates. */
  steadyMs(): number;
  /** Waits `ms` milliseconds. @throws `signal.reason` as soon as the signal is aborted. */
  delay(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = { wallMs: () => Date.now(), steadyMs: () => performance.now(), delay };
