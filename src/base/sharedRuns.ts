/**
 * Of many who want the same done at about the same time, several share one run: whoever comes while it is under way waits
 * for the next one, since this one may have looked too early.
 *
 * @param run what is to be done for a key, never twice at a time for one key
 * @returns resolves when a run that began after the call has ended; throws what that run throws
 */
export function sharedRuns(run: (key: string) => Promise<void>): (key: string) => Promise<void> {
  /** Runs that have not begun. */
  const coming = new Map<string, Promise<void>>();
  const current = new Map<string, Promise<void>>();

  const begin = async (key: string): Promise<void> => {
    await current.get(key)?.catch(() => undefined);
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
