import { startOssServer } from '../../server/ossServer.ts';
import type { Bench } from '../bench.ts';
import { pairedRuns } from '../pairedRuns.ts';
import { gibibyte, mediumBytes, sizeText, smallBytes } from '../plan.ts';
import type { BenchPlan } from '../plan.ts';
import type { Figure, Run, Series } from '../results.ts';
import type { ObjectSpec, TestObject } from '../servers/testObjects.ts';
import { fetchObjects } from './fetchObjects.ts';
import type { Workload } from './workload.ts';

interface ManyObjects {
  readonly name: string;
  readonly title: string;
  readonly sizeBytes: number;
  readonly count: (plan: BenchPlan) => number;
}

function manyObjects({ name, title, sizeBytes, count }: ManyObjects): Workload {
  const objects = (plan: BenchPlan): readonly ObjectSpec[] => manySpecs(name, count(plan), sizeBytes);
  return {
    name,
    objects,
    run: async (bench) => {
      const specs = objects(bench.plan);
      return {
        name,
        title,
        about:
          `${specs.length} objects of ${sizeText(sizeBytes)} over HTTPS into one folder. Others have 16 transfers ` +
          `at once; ours has its defaults: 3 downloads, 16 connections.`,
        figures,
        compared: 'seconds',
        series: await fetchInTurns(
          bench,
          specs.map(({ key }) => bench.object(key)),
          bench.server.origin,
        ),
      };
    },
  };
}

/** The same from the local OSS server: fewer, because it takes long over an answer. */
export const smallObjectsFromOss: Workload = {
  name: 'small-objects-oss',
  objects: (plan) => manySpecs('small-objects', fewer(plan), smallBytes),
  run: async (bench) => {
    const specs = manySpecs('small-objects', fewer(bench.plan), smallBytes);
    const server = await startOssServer({ buckets: { bench: { acl: 'public-read' } } });
    try {
      const stored = specs.map(({ key, seed, sizeBytes }) => ({
        ...bench.object(key),
        etag: server.store.bucket('bench').put(key, { seed, sizeBytes }).etag,
      }));
      return {
        name: 'small-objects-oss',
        title: 'Small objects from the local OSS server',
        about:
          `${specs.length} objects of ${sizeText(smallBytes)} over HTTP from the server of the tests, one thread of ` +
          `Node: the fast contenders wait for it.`,
        figures,
        compared: 'seconds',
        series: await fetchInTurns(bench, stored, server.url),
      };
    } finally {
      await server.close();
    }
  },
};

function fewer({ smallObjects: count }: BenchPlan): number {
  return Math.ceil(count / 10);
}

function fetchInTurns(bench: Bench, objects: readonly TestObject[], origin: string): Promise<readonly Series[]> {
  return pairedRuns(
    bench.contenders.filter(({ abilities }) => abilities.includes('many')),
    bench.plan.rounds,
    async (contender) => manyRun(await fetchObjects(bench, contender, objects, { origin, bucket: 'bench' }), objects),
  );
}

const figures: readonly Figure[] = [
  { name: 'seconds', digits: 2 },
  { name: 'objects/s', digits: 0 },
  { name: 'MB/s', digits: 1 },
  { name: 'CPU ms/object', digits: 2 },
  { name: 'peak MiB', digits: 0 },
];

function manyRun(run: Run, objects: readonly TestObject[]): Run {
  const gibibytes = objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) / gibibyte;
  const { seconds = Number.NaN, 'CPU s/GiB': perGib } = run;
  return {
    ...run,
    'objects/s': objects.length / seconds,
    ...(perGib === undefined ? {} : { 'CPU ms/object': (perGib * gibibytes * 1000) / objects.length }),
  };
}

function manySpecs(name: string, count: number, sizeBytes: number): readonly ObjectSpec[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `${name}-${String(index).padStart(5, '0')}.bin`,
    sizeBytes,
    seed: index + 2,
  }));
}

export function smallSpecs({ smallObjects: count }: BenchPlan): readonly ObjectSpec[] {
  return manySpecs('small-objects', count, smallBytes);
}

export const smallObjects = manyObjects({
  name: 'small-objects',
  title: 'Small objects',
  sizeBytes: smallBytes,
  count: (plan) => plan.smallObjects,
});
export const mediumObjects = manyObjects({
  name: 'medium-objects',
  title: 'Objects of a few MiB',
  sizeBytes: mediumBytes,
  count: (plan) => plan.mediumObjects,
});
