import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until a condition holds, asking every few milliseconds. @throws after two seconds, naming it */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 2000;
  while (!(await holds())) {
    if (performance.now() > deadline) {
      throw new Error(`waited two seconds in vain until ${what}`);
    }
    await sleep(5);
  }
}
