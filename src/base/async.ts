import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs calls one after the other, so that none finds half done what another began. One that fails keeps nobody waiting.
 */
export class Turns {
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
 * Of many who want the same done at about the same time, several share one run: whoever comes while it is under way
 * waits for the next one, since this one may have looked too early.
 *
 * @param run      what is to be done for a key, never twice at a time for one key
 * @param gatherMs how long a run waits for others to share it before it begins
 * @returns resolves when a run that began after the call has ended; throws what that run throws
 */
export function sharedRuns(run: (key: string) => Promise<void>, gatherMs = 0): (key: string) => Promise<void> {
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
 * What is said within one turn of the event loop is handed on together, in order: waking another thread costs more than
 * most of what it is told.
 *
 * @param handOn is called behind the input and output of the turn, never with nothing
 */
export function byTurn<T>(handOn: (said: readonly T[]) => void): (one: T) => void {
  let said: T[] = [];
  const flush = (): void => {
    const all = said;
    said = [];
    handOn(all);
  };
  return (one) => {
    if (said.push(one) === 1) {
      setImmediate(flush);
    }
  };
}
