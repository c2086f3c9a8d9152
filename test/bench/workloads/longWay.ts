import { pairedRuns } from '../pairedRuns.ts';
import { sizeText } from '../plan.ts';
import { startDelayRelay, windowBytes } from '../servers/delayRelay.ts';
import { fetchObjects } from './fetchObjects.ts';
import { transferFigures } from './transferFigures.ts';
import { largeObject } from './workload.ts';
import type { Workload } from './workload.ts';

const latencyMs = 50;

/** A server that is far away: what counts is how often one waits for it. */
export const longWay: Workload = {
  name: 'long-way',
  objects: (plan) => [largeObject(plan)],
  run: async (bench) => {
    const object = bench.object(largeObject(bench.plan).key);
    const relay = await startDelayRelay(bench.server.port, latencyMs / 2);
    try {
      return {
        name: 'long-way',
        title: 'A long way',
        about:
          `${sizeText(object.sizeBytes)} over HTTPS with ${latencyMs} ms added to every round trip, and at ` +
          `most ${sizeText(windowBytes)} of a connection on the wire.`,
        figures: transferFigures,
        compared: 'seconds',
        series: await pairedRuns(
          bench.contenders.filter(({ abilities }) => abilities.includes('one')),
          bench.plan.rounds,
          (contender) =>
            fetchObjects(bench, contender, [object], { origin: `https://127.0.0.1:${relay.port}`, bucket: 'bench' }),
        ),
      };
    } finally {
      await relay.close();
    }
  },
};
