import { startOssServer } from '../../server/ossServer.ts';
import { newJob } from '../bench.ts';
import { libraryContender } from '../contenders/libraryContender.ts';
import type { Run } from '../results.ts';
import type { Workload } from './workload.ts';

const million = 1_000_000;
const few = 10;
const caller = libraryContender({
  name: 'first page',
  proof: 'length',
  connections: 1,
  abilities: [],
  module: 'firstPage',
  version: '',
});

/** Unfolding a bucket for the first time, against the local OSS server. */
export const firstPage: Workload = {
  name: 'first-page',
  objects: () => [],
  run: async (bench) => {
    const server = await startOssServer({
      buckets: { million: { generated: { count: million } }, few: { generated: { count: few } } },
    });
    const list = async (bucket: string): Promise<Run> => {
      const { job, cleanUp } = newJob(bench, [], { origin: server.url, bucket });
      try {
        const { seconds } = await (await caller.start(job)).done;
        return { ms: seconds * 1000 };
      } finally {
        cleanUp();
      }
    };
    const runs = { million: [] as Run[], few: [] as Run[] };
    try {
      for (let round = 0; round < bench.plan.rounds; round++) {
        runs.million.push(await list('million'));
        runs.few.push(await list('few'));
      }
    } finally {
      await server.close();
    }
    return {
      name: 'first-page',
      title: 'The first page of a bucket',
      about:
        'Unfolding a bucket for the first time on the local OSS server: ali-oss is loaded, up to 500 entries are ' +
        'listed.',
      figures: [{ name: 'ms', digits: 0 }],
      series: [
        { contender: `a bucket of ${million} keys`, runs: runs.million },
        { contender: `a bucket of ${few} keys`, runs: runs.few },
      ],
    };
  },
};
