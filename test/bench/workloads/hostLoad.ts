import { newJob } from '../bench.ts';
import type { Usage } from '../job.ts';
import { pairedRuns } from '../pairedRuns.ts';
import { gibibyte, sizeText } from '../plan.ts';
import type { Run } from '../results.ts';
import { requireFile } from '../servers/testObjects.ts';
import { delayFigures, delayRun } from './delayFigures.ts';
import { largeObject } from './workload.ts';
import type { Workload } from './workload.ts';

const mebibyte = 1024 * 1024;

/**
 * What the process notices that an extension shares with all others: how late its main thread becomes, and its memory.
 */
export const hostLoad: Workload = {
  name: 'host-load',
  objects: (plan) => [largeObject(plan)],
  run: async (bench) => {
    const { idleWatchMs } = bench.plan;
    const object = bench.object(largeObject(bench.plan).key);
    const libraries = bench.contenders.filter(({ isLibrary, abilities }) => isLibrary && abilities.includes('one'));
    return {
      name: 'host-load',
      title: 'What the extension host notices',
      about:
        `${sizeText(object.sizeBytes)} over HTTPS, at full speed, in a Node process that stands for the extension ` +
        `host. ` +
        `The delay of its main thread's event loop is the 99th percentile over ${idleWatchMs / 1000} s before the ` +
        `download, and while it runs.`,
      figures: [
        ...delayFigures,
        { name: 'CPU s/GiB', digits: 2 },
        { name: 'idle MiB', digits: 0 },
        { name: 'peak MiB', digits: 0 },
        { name: 'more MiB', digits: 0 },
      ],
      series: await pairedRuns(libraries, bench.plan.rounds, async (contender) => {
        const { job, cleanUp } = newJob(bench, [object], { origin: bench.server.origin, bucket: 'bench' });
        try {
          const { done } = await contender.start({ ...job, watchMs: idleWatchMs });
          const usage = await done;
          await requireFile(job.objects[0]!.path, object);
          return loadRun(usage, object.sizeBytes);
        } finally {
          cleanUp();
        }
      }),
    };
  },
};

function loadRun(usage: Usage, bytes: number): Run {
  const { cpuSeconds = Number.NaN, idleBytes = Number.NaN, peakBytes = Number.NaN } = usage;
  return {
    ...delayRun(usage),
    'CPU s/GiB': cpuSeconds / (bytes / gibibyte),
    'idle MiB': idleBytes / mebibyte,
    'peak MiB': peakBytes / mebibyte,
    'more MiB': (peakBytes - idleBytes) / mebibyte,
  };
}
