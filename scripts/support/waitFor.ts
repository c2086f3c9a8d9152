import { setTimeout as sleep } from 'node:timers/promises';

export interface WaitOptions {
  readonly limitMs?: number;
  /** Time between two looks. */
  readonly everyMs?: number;
}

/**
 * Looks again and again until `look` gives something other than undefined or false; what it throws ends the wait.
 *
 * @param what the words for what is awaited, used in the error
 * @throws Error when the limit (10 s by default) has passed
 */
export async function waitFor<T>(
  what: string,
  look: () => T | Promise<T>,
  options: WaitOptions = {},
): Promise<Exclude<T, undefined | false>> {
  const limitMs = options.limitMs ?? 10_000;
  const start = performance.now();
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found as Exclude<T, undefined | false>;
    if (performance.now() - start > limitMs) throw new Error(`Waited ${limitMs} ms in vain for ${what}.`);
    await sleep(options.everyMs ?? 50);
  }
}
