import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { reasonOf } from '../../base/abort.ts';

const initialConnections = 4;
const stepConnections = 2;
const windowMs = 1000;
/**
 * Interval of doubling during the start: a server that limits each connection reaches its maximum within a quarter of a
 * second.
 */
const startWindowMs = 125;
/** Time until a step is judged; its first second lets the new connections reach their speed. */
const trialMs = 2 * windowMs;
/** Factor by which a step must raise the rate; otherwise it is undone. */
const minGain = 1.1;
const retryStepAfterMs = 15_000;
const calmAfterMs = 10_000;

/**
 * Limits the concurrent requests of all downloads together. Starts with 4 and doubles up to the ceiling; unless that
 * raises the total rate by 10 %, it returns to 4. From then on it adds two at a time while each step raises the rate by
 * 10 %, and halves when a server throttles or stalls. Waiting requests are served in order, so that downloads
 * alternate.
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
   * The last step until it is judged: the rate before it in bytes per millisecond, the number allowed before it, and
   * the time of the judgement.
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

  /** Waits for a permit; disposing it returns it. @throws `signal.reason` when aborted */
  async acquire(signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    if (this.used >= this.allowed || this.waiting.size > 0) {
      await this.waitForPermit(signal);
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

  /** Must be called for every received chunk: measures the rate. */
  received(bytes: number): void {
    const now = this.clock.steadyMs();
    if (now - this.lastMs > windowMs) {
      // an idle time says nothing about the rate
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

  /** Halves the limit, because a server throttled or stalled. Several calls within a second are one incident. */
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
    const isSaturated = this.waiting.size > 0 && this.used >= this.allowed;
    if (this.isStarting) {
      if (isSaturated) {
        this.trial = { rate: this.trial?.rate ?? rate, allowed: initialConnections, judgedMs: now + trialMs };
        this.allow(this.allowed * 2);
        this.isStarting = this.allowed < this.ceiling;
      }
    } else if (this.trial !== undefined && now < this.trial.judgedMs) {
      return;
    } else if (this.trial !== undefined && rate < this.trial.rate * minGain) {
      this.nextStepMs = now + retryStepAfterMs;
      this.allow(this.trial.allowed);
      this.trial = undefined;
    } else if (isSaturated && now >= this.nextStepMs && this.allowed < this.ceiling) {
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

  private async waitForPermit(signal: AbortSignal): Promise<void> {
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
