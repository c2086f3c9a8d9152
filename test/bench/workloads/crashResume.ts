import { pairedRuns } from '../pairedRuns.ts';
import { sizeText } from '../plan.ts';
import { interruptedFigures, interruptedRun } from './interruptedRun.ts';
import { largeObject } from './workload.ts';
import type { Workload } from './workload.ts';

/** `kill -9` half way, and the same again. */
export const crashResume: Workload = {
  name: 'crash-resume',
  objects: (plan) => [largeObject(plan)],
  run: async (bench) => {
    const object = bench.object(largeObject(bench.plan).key);
    return {
      name: 'crash-resume',
      title: 'Going on after a crash',
      about:
        `${sizeText(object.sizeBytes)} over HTTPS; the process is killed (SIGKILL) when half of it is on disk, ` +
        `and the same is asked of a new one. ` +
        'The time to the first new byte is that to the request which brings it, from the start of the program, or ' +
        'of our worker.',
      figures: interruptedFigures,
      compared: 'seconds',
      series: await pairedRuns(
        bench.contenders.filter(({ abilities }) => abilities.includes('resume')),
        bench.plan.rounds,
        (contender) => interruptedRun(bench, contender, object, (run) => run.kill()),
      ),
    };
  },
};
