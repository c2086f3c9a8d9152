import { pairedRuns } from '../pairedRuns.ts';
import { sizeText } from '../plan.ts';
import { limitedBytesPerSecond } from '../servers/objectServer.ts';
import { fetchObjects } from './fetchObjects.ts';
import { transferFigures } from './transferFigures.ts';
import { largeObject } from './workload.ts';
import type { Workload } from './workload.ts';

/** One connection would take a minute a round, and show nothing but the limit. */
const fewestConnections = 3;

/**
 * A server that gives each connection little, as object stores and long ways do: what counts is to open enough of them.
 */
export const limitedConnections: Workload = {
  name: 'limited-connections',
  objects: (plan) => [largeObject(plan)],
  run: async (bench) => {
    const object = bench.object(largeObject(bench.plan).key);
    const contenders = bench.contenders.filter(
      ({ abilities, connections }) =>
        (abilities.includes('one') && connections >= fewestConnections) || abilities.includes('ranges'),
    );
    const limit = limitedBytesPerSecond / 1e6;
    return {
      name: 'limited-connections',
      title: 'A limit on each connection',
      about:
        `${sizeText(object.sizeBytes)} over HTTPS from a server that gives each connection at most ${limit} MB/s; ` +
        `what many of them carry together, the ranges of curl show.`,
      figures: transferFigures,
      compared: 'seconds',
      series: await pairedRuns(contenders, bench.plan.rounds, (contender) =>
        fetchObjects(bench, contender, [object], { origin: bench.server.origin, bucket: 'limited' }),
      ),
    };
  },
};
