import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import { reasonOf } from '../base/abort.ts';

const initialConnections = 4;
const stepConnections = 2;
const windowMs = 1000;
/** What one more step must bring to be kept. */
const worthwhile = 1.1;
const retryStepAfterMs = 15_000;
const calmAfterMs = 10_000;

/**
 * How many requests may be under way, of all downloads together. Begins with 4; takes more as long as that makes
 * the whole at least 10 % faster, gives half back when a server throttles or stalls. Waiting requests are served in order,
 * so that downloads take turns.
 */
export class ConnectionBudget {
  private readonly clock: Clock;
  private ceiling: number;
  private allowed: number;
  private used = 0;
  private readonly waiting = new Set<() => void>();

  private windowStartMs: number;
  private windowBytes = 0;
  /** The rate, in bytes a millisecond, that the last step has to beat; undefined while no step is on trial. */
  private rateToBeat: number | undefined;
  private nextStepMs = 0;

  constructor(ceiling: number, clock: Clock) {
    this.clock = clock;
    this.ceiling = ceiling;
    this.allowed = Math.min(initialConnections, ceiling);
    this.windowStartMs = clock.steadyMs();
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
    this.windowBytes += bytes;
    const now = this.clock.steadyMs();
    if (now - this.windowStartMs >= windowMs) {
      this.judge(this.windowBytes / (now - this.windowStartMs), now);
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
    this.rateToBeat = undefined;
    this.nextStepMs = now + calmAfterMs;
    this.allow(Math.max(1, Math.floor(this.allowed / 2)));
  }

  private judge(rate: number, now: number): void {
    const short = this.waiting.size > 0 && this.used >= this.allowed;
    if (this.rateToBeat !== undefined && rate < this.rateToBeat * worthwhile) {
      this.rateToBeat = undefined;
      this.nextStepMs = now + retryStepAfterMs;
      this.allow(this.allowed - stepConnections);
    } else if (short && now >= this.nextStepMs && this.allowed < this.ceiling) {
      this.rateToBeat = rate;
      this.allow(this.allowed + stepConnections);
    } else {
      this.rateToBeat = undefined;
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
