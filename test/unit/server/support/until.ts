import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until a condition holds, asking every few milliseconds. @throws after eight seconds, naming it */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 8000;
  while (!(await holds())) {
    if (performance.now() > deadline) {
      throw new Error(`waited eight seconds in vain until ${what}`);
    }
    await sleep(5);
  }
}
