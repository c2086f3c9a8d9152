import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Of many who want the same done at about the same time, several share one run: whoever comes while it is under way waits
 * for the next one, since this one may have looked too early.
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
