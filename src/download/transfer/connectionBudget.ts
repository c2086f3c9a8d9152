import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { reasonOf } from '../../base/abort.ts';

const initialConnections = 4;
const stepConnections = 2;
const windowMs = 1000;
/**
 * While it starts it doubles this often: a server that limits each connection is at its best within a quarter of a
 * second.
 */
const startWindowMs = 125;
/** The second before a step is judged is for the new connections to get up to speed. */
const trialMs = 2 * windowMs;
/** What one more step must bring to be kept. */
const worthwhile = 1.1;
const retryStepAfterMs = 15_000;
const calmAfterMs = 10_000;

/**
 * How many requests may be under way, of all downloads together. Begins with 4 and doubles up to the ceiling; where
 * that has not made the whole at least 10 % faster it goes back to 4. From then on it takes two more at a time as long
 * as each step makes it 10 % faster, and gives half back when a server throttles or stalls. Waiting requests are served
 * in order, so that downloads take turns.
 */
export class ConnectionBudget {
  private readonly clock: Clock;
  private ceiling: number;
  private allowed: number;
  private used = 0;
  private readonly waiting = new Set<() => void>();

  private windowStartMs: number;
  private windowBytes = 0;
  private lastMs: number;
  /**
   * The last step, while it is on trial: the rate before it, in bytes a millisecond, how many were allowed then, and
   * when it is judged.
   */
  private trial: { readonly rate: number; readonly allowed: number; readonly judgedMs: number } | undefined;
  private isStarting = true;
  private nextStepMs = 0;

  constructor(ceiling: number, clock: Clock) {
    this.clock = clock;
    this.ceiling = ceiling;
    this.allowed = Math.min(initialConnections, ceiling);
    this.windowStartMs = clock.steadyMs();
    this.lastMs = this.windowStartMs;
  }

  /** How many are allowed just now. */
  get connections(): number {
    return this.allowed;
  }

  setCeiling(ceiling: number): void {
    this.ceiling = ceiling;
    this.allow(Math.min(this.allowed, ceiling));
  }

  /** Waits for a turn; disposing the answer gives it back. @throws `signal.reason` */
  async acquire(signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    if (this.used >= this.allowed || this.waiting.size > 0) {
      await this.turn(signal);
    } else {
      this.used += 1;
    }
    let returned = false;
    return {
      dispose: () => {
        this.used -= returned ? 0 : 1;
        returned = true;
        this.serve();
      },
    };
  }

  /** To be told of every chunk that arrives. */
  received(bytes: number): void {
    const now = this.clock.steadyMs();
    if (now - this.lastMs > windowMs) {
      // nothing was under way for a while: that says nothing of the rate
      this.windowStartMs = now;
      this.windowBytes = 0;
    }
    this.lastMs = now;
    this.windowBytes += bytes;
    const passedMs = now - this.windowStartMs;
    if (passedMs >= (this.isStarting ? startWindowMs : windowMs)) {
      this.judge(this.windowBytes / passedMs, now);
      this.windowStartMs = now;
      this.windowBytes = 0;
    }
  }

  /** A server throttled, or did not answer in time. Several reports within a second are one incident. */
  slowDown(): void {
    const now = this.clock.steadyMs();
    if (now + calmAfterMs - this.nextStepMs < windowMs) {
      return;
    }
    this.isStarting = false;
    this.trial = undefined;
    this.nextStepMs = now + calmAfterMs;
    this.allow(Math.max(1, Math.floor(this.allowed / 2)));
  }

  private judge(rate: number, now: number): void {
    const isShort = this.waiting.size > 0 && this.used >= this.allowed;
    if (this.isStarting) {
      if (isShort) {
        this.trial = { rate: this.trial?.rate ?? rate, allowed: initialConnections, judgedMs: now + trialMs };
        this.allow(this.allowed * 2);
        this.isStarting = this.allowed < this.ceiling;
      }
    } else if (this.trial !== undefined && now < this.trial.judgedMs) {
      return;
    } else if (this.trial !== undefined && rate < this.trial.rate * worthwhile) {
      this.nextStepMs = now + retryStepAfterMs;
      this.allow(this.trial.allowed);
      this.trial = undefined;
    } else if (isShort && now >= this.nextStepMs && this.allowed < this.ceiling) {
      this.trial = { rate, allowed: this.allowed, judgedMs: now + trialMs };
      this.allow(this.allowed + stepConnections);
    } else {
      this.trial = undefined;
    }
  }

  private allow(connections: number): void {
    this.allowed = Math.max(1, Math.min(connections, this.ceiling));
    this.serve();
  }

  private serve(): void {
    for (const grant of this.waiting) {
      if (this.used >= this.allowed) {
        return;
      }
      this.waiting.delete(grant);
      this.used += 1;
      grant();
    }
  }

  private async turn(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const grant = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      const onAbort = (): void => {
        this.waiting.delete(grant);
        reject(reasonOf(signal));
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.waiting.add(grant);
    });
  }
}
