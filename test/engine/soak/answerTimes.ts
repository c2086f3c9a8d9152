import type { Tally } from './tally.ts';

/** An engine that is slower than this to answer a call hangs: the call fails. */
const answerLimitMs = 20_000;

/**
 * Waits for the answer to a call; its time goes into the tally, also where the call fails.
 *
 * @throws Error after 20 s without an answer
 */
export async function answerInTime<T>(call: string, answer: Promise<T>, tally: Tally): Promise<T> {
  const start = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer to ${call} within ${answerLimitMs} ms`)), answerLimitMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    recordTime(call, start, tally);
  }
}

/** Keeps the longest time of each call in the tally. @param start as of `performance.now()` */
export function recordTime(call: string, start: number, tally: Tally): void {
  const ms = Math.round(performance.now() - start);
  const before = tally.of('longest answer, ms', call);
  tally.count('longest answer, ms', call, Math.max(0, ms - before));
}
