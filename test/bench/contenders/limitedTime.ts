import type { Usage } from '../job.ts';
import type { Contender, ContenderRun } from './contender.ts';

/** The slowest needs a tenth of it for the largest job. */
const limitMs = 180_000;

/** The same contender, given up where it does not come to an end: it is killed then, and its run fails. */
export function limitedTime(contender: Contender): Contender {
  return {
    ...contender,
    start: async (job, atOnceBefore) => {
      const run = await contender.start(job, atOnceBefore);
      const done = endOf(contender.name, run);
      done.catch(() => undefined); // who kills it need not ask how it ended
      return { ...run, done };
    },
  };
}

async function endOf(name: string, run: ContenderRun): Promise<Usage> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => void run.kill().then(() => reject(new Error(`${name} was at no end after ${limitMs / 1000} s`)), reject),
      limitMs,
    );
  });
  try {
    return await Promise.race([run.done, limit]);
  } finally {
    clearTimeout(timer);
  }
}
