import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs calls one after the other, so that each finds the work of those before it complete. A failed one blocks none.
 */
export class SerialQueue {
  private last: Promise<void> = Promise.resolve();

  /** @returns what the call returns, once those before it have ended; throws what it throws */
  async run<T>(call: () => Promise<T>): Promise<T> {
    const result = this.last.then(call);
    this.last = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  /** Resolves when all calls that were made so far have ended, however they ended. */
  async settled(): Promise<void> {
    await this.last;
  }
}

/** A promise that somebody else settles. (`Promise.withResolvers`, which our oldest runtime types do not know.) */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((settle, fail) => {
    resolve = settle;
    reject = fail;
  });
  return { promise, resolve, reject };
}

/**
 * Shares one run among the calls that come for the same key before it begins. A call while a run is under way waits for
 * the next one, since that run may have begun too early to include its change.
 *
 * @param run      the work for a key, never twice at a time for one key
 * @param gatherMs how long a run waits for more calls before it begins
 * @returns resolves when a run that began after the call has ended; throws what that run throws
 */
export function coalesceByKey(run: (key: string) => Promise<void>, gatherMs = 0): (key: string) => Promise<void> {
  /** Runs that have not begun. */
  const coming = new Map<string, Promise<void>>();
  const current = new Map<string, Promise<void>>();

  const begin = async (key: string): Promise<void> => {
    await Promise.all([current.get(key)?.catch(() => undefined), gatherMs > 0 ? sleep(gatherMs) : undefined]);
    coming.delete(key);
    const running = run(key);
    current.set(key, running);
    try {
      await running;
    } finally {
      if (current.get(key) === running) {
        current.delete(key);
      }
    }
  };

  return async (key) => {
    const shared = coming.get(key) ?? begin(key);
    coming.set(key, shared);
    await shared;
  };
}

/**
 * Delivers together, in order, the items that were added within one turn of the event loop: waking another thread costs
 * more than most of what it receives.
 *
 * @param deliver is called after the input and output of the turn, never with an empty list
 * @returns adds an item
 */
export function batchPerTick<T>(deliver: (items: readonly T[]) => void): (item: T) => void {
  let items: T[] = [];
  const flush = (): void => {
    const all = items;
    items = [];
    deliver(all);
  };
  return (item) => {
    if (items.push(item) === 1) {
      setImmediate(flush);
    }
  };
}

/**
 * Shares one run among all callers with the same key while it is under way. The next call starts another one.
 */
export class SingleFlight<T> {
  private readonly flights = new Map<string, Promise<T>>();

  /**
   * @param start is called unless a run for the key is under way. A signal that it uses must be common to all callers.
   * @returns what the run returns; throws what it throws
   */
  run(start: () => Promise<T>, key = ''): Promise<T> {
    let flight = this.flights.get(key);
    if (flight === undefined) {
      flight = start().finally(() => this.flights.delete(key));
      this.flights.set(key, flight);
    }
    return flight;
  }

  isRunning(key = ''): boolean {
    return this.flights.has(key);
  }
}

/** A value that is made by the first call and kept. Where making it fails, the next call tries again. */
export class Lazy<T> {
  private readonly make: () => Promise<T>;
  private made: Promise<T> | undefined;

  constructor(make: () => Promise<T>) {
    this.make = make;
  }

  /** The value, as far as somebody has asked for it. */
  get current(): Promise<T> | undefined {
    return this.made;
  }

  /** @throws what making it throws */
  get(): Promise<T> {
    if (this.made === undefined) {
      const made = this.make();
      this.made = made;
      made.catch(() => {
        if (this.made === made) {
          this.made = undefined;
        }
      });
    }
    return this.made;
  }

  /** The next call makes another value. */
  reset(): void {
    this.made = undefined;
  }
}
