import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../../scripts/install.mjs';
import type { DownloadSnapshot } from '../../../src/download/model.ts';
import { WorkerClient } from '../../../src/download/worker/workerClient.ts';
import { noBatches } from '../../engine/support/noBatches.ts';
import type { Job, JobObject } from '../job.ts';
import type { Prepared } from './hostProtocol.ts';

/** What a user has who has changed no setting. */
const limits = { maxConnections: 16, concurrentDownloads: 3, partSizeBytes: 'auto', retries: 5, stallTimeoutMs: 30_000 } as const;

/** Our engine, as the extension has it: the packaged worker, driven from the main thread of the process. */
export async function prepare(job: Job): Promise<Prepared> {
  let client = job.isCold === true ? undefined : await start(job);
  return {
    run: async () => {
      client ??= await start(job);
      await run(client, job);
    },
    stop: async () => client?.shutdown(),
  };
}

async function start(job: Job): Promise<WorkerClient> {
  const urls = new Map(job.objects.map(({ key, url }) => [key, url]));
  const client = new WorkerClient(
    join(projectFolder, 'dist/downloadWorker.cjs'),
    {
      storagePath: job.stateFolder,
      limits: { ...limits, ...(job.partSizeBytes === undefined ? {} : { partSizeBytes: job.partSizeBytes }) },
      network: { noProxy: [], strictTls: true, extraCertificates: [readFileSync(job.caFile, 'utf8')] },
    },
    { ...noBatches, signGet: ({ key }) => Promise.resolve({ url: urls.get(key) ?? '', expiresAtMs: Number.MAX_SAFE_INTEGER }) },
    { log: (level, message) => { if (level === 'error') console.error(message); } },
  );
  await client.ready;
  return client;
}

async function run(client: WorkerClient, { bucket, objects }: Job): Promise<void> {
  let left = objects.length;
  const finished = new Promise<void>((resolve, reject) => {
    client.onDidChange(({ label, state }: DownloadSnapshot) => {
      if (state.kind === 'completed') {
        left -= 1;
        if (left === 0) resolve();
      } else if (state.kind === 'failed') {
        reject(new Error(`${label}: ${state.error.code}, ${state.error.message}`));
      }
    });
  });
  finished.catch(() => undefined); // adding may fail first
  const earlier = client.downloads.map(({ id }) => id);
  await Promise.all(earlier.length > 0 ? earlier.map((id) => client.resume(id)) : objects.map((object) => add(client, bucket, object)));
  await finished;
}

async function add(client: WorkerClient, bucket: string, { key, path, sizeBytes, etag }: JobObject): Promise<void> {
  await client.add({ source: { kind: 'oss', object: { profile: 'bench', bucket, key } }, path, overwrite: false, known: { sizeBytes, etag } });
}
