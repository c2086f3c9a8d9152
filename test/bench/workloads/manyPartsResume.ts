import { pairedRuns } from '../pairedRuns.ts';
import { sizeText } from '../plan.ts';
import { ours } from '../results.ts';
import { interruptedFigures, interruptedRun } from './interruptedRun.ts';
import { largeObject } from './workload.ts';
import type { Workload } from './workload.ts';

const parts = 10_000;

/** The largest checkpoint that there is: what it costs to read. */
export const manyPartsResume: Workload = {
  name: 'many-parts-resume',
  objects: (plan) => [largeObject(plan)],
  run: async (bench) => {
    const object = bench.object(largeObject(bench.plan).key);
    const partSizeBytes = Math.ceil(object.sizeBytes / parts);
    return {
      name: 'many-parts-resume',
      title: `Going on with ${parts} parts`,
      about:
        `${sizeText(object.sizeBytes)} over HTTPS in ${parts} parts; the engine is ended in order when half of it ` +
        `is on disk, as when the editor is closed, and a new one goes on.`,
      figures: interruptedFigures,
      series: await pairedRuns(
        bench.contenders.filter(({ name }) => name === ours),
        bench.plan.rounds,
        (contender) => interruptedRun(bench, contender, object, async (run) => run.stop?.(), { partSizeBytes }),
      ),
    };
  },
};
