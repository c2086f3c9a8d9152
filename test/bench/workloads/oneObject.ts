import { pairedRuns } from '../pairedRuns.ts';
import { sizeText } from '../plan.ts';
import { fetchObjects } from './fetchObjects.ts';
import { transferFigures } from './transferFigures.ts';
import { largeObject } from './workload.ts';
import type { Workload } from './workload.ts';

export const oneObject: Workload = {
  name: 'one-object',
  objects: (plan) => [largeObject(plan)],
  run: async (bench) => {
    const object = bench.object(largeObject(bench.plan).key);
    const contenders = bench.contenders.filter(({ abilities }) => abilities.includes('one'));
    return {
      name: 'one-object',
      title: 'One large object',
      about: `${sizeText(object.sizeBytes)} over HTTPS, as fast as it goes.`,
      figures: transferFigures,
      compared: 'seconds',
      series: await pairedRuns(contenders, bench.plan.rounds, (contender) =>
        fetchObjects(bench, contender, [object], { origin: bench.server.origin, bucket: 'bench' }),
      ),
    };
  },
};
