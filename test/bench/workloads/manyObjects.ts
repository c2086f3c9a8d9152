import { pairedRuns } from '../pairedRuns.ts';
import { type BenchPlan, gibibyte, mediumBytes, sizeText, smallBytes } from '../plan.ts';
import type { Figure, Run } from '../results.ts';
import type { ObjectSpec } from '../servers/testObjects.ts';
import { fetchObjects } from './fetchObjects.ts';
import type { Workload } from './workload.ts';

interface ManyObjects {
  readonly name: string;
  readonly title: string;
  readonly sizeBytes: number;
  readonly count: (plan: BenchPlan) => number;
}

function manyObjects({ name, title, sizeBytes, count }: ManyObjects): Workload {
  const objects = (plan: BenchPlan): readonly ObjectSpec[] =>
    Array.from({ length: count(plan) }, (_, index) => ({ key: `${name}-${String(index).padStart(5, '0')}.bin`, sizeBytes, seed: index + 2 }));
  return {
    name,
    objects,
    run: async (bench) => {
      const specs = objects(bench.plan);
      return {
        name,
        title,
        about: `${specs.length} objects of ${sizeText(sizeBytes)} over HTTPS into one folder. Others have 16 transfers at once; ours has its defaults: 3 downloads, 16 connections.`,
        figures,
        compared: 'seconds',
        series: await pairedRuns(bench.contenders.filter(({ abilities }) => abilities.includes('many')), bench.plan.rounds, async (contender) => {
          const run = await fetchObjects(bench, contender, specs.map(({ key }) => bench.object(key)), { origin: bench.server.origin, bucket: 'bench' });
          return manyRun(run, specs.length, sizeBytes);
        }),
      };
    },
  };
}

const figures: readonly Figure[] = [
  { name: 'seconds', digits: 2 },
  { name: 'objects/s', digits: 0 },
  { name: 'MB/s', digits: 1 },
  { name: 'CPU ms/object', digits: 2 },
  { name: 'peak MiB', digits: 0 },
];

function manyRun(run: Run, count: number, sizeBytes: number): Run {
  const { seconds = Number.NaN, 'CPU s/GiB': perGib } = run;
  return {
    ...run,
    'objects/s': count / seconds,
    ...(perGib === undefined ? {} : { 'CPU ms/object': (perGib * 1000 * sizeBytes) / gibibyte }),
  };
}

export const smallObjects = manyObjects({ name: 'small-objects', title: 'Small objects', sizeBytes: smallBytes, count: (plan) => plan.smallObjects });
export const mediumObjects = manyObjects({ name: 'medium-objects', title: 'Objects of a few MiB', sizeBytes: mediumBytes, count: (plan) => plan.mediumObjects });
