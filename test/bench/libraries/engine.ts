import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../../scripts/install.mjs';
import type { BatchHost } from '../../../src/download/batch/batchDeps.ts';
import type { DownloadSnapshot } from '../../../src/download/model.ts';
import type { ObjectRef } from '../../../src/oss/model.ts';
import { MirroredWorker } from '../../engine/support/mirroredWorker.ts';
import { noBatches } from '../../engine/support/noBatches.ts';
import type { Job, JobObject } from '../job.ts';
import type { Prepared } from './hostProtocol.ts';

/** What a user has who has changed no setting. */
const limits = {
  maxConnections: 16,
  concurrentDownloads: 3,
  partSizeBytes: 'auto',
  retries: 5,
  stallTimeoutMs: 30_000,
} as const;

const pageObjects = 1000;

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

async function start(job: Job): Promise<MirroredWorker> {
  const urls = new Map(job.objects.map(({ key, url }) => [key, url]));
  const client = new MirroredWorker(
    join(projectFolder, 'dist/downloadWorker.cjs'),
    {
      storagePath: job.stateFolder,
      limits: { ...limits, ...(job.partSizeBytes === undefined ? {} : { partSizeBytes: job.partSizeBytes }) },
      network: { noProxy: [], strictTls: true, extraCertificates: [readFileSync(job.caFile, 'utf8')] },
    },
    {
      ...noBatches,
      ...listing(job),
      signGet: ({ key }) => Promise.resolve({ url: urls.get(key) ?? '', expiresAtMs: Number.MAX_SAFE_INTEGER }),
    },
    {
      log: (level, message) => {
        if (level === 'error') console.error(message);
      },
    },
  );
  await client.ready;
  return client;
}

/** The objects as OSS would list them, in its order and its pages. */
function listing({ objects, bucket }: Job): Pick<BatchHost, 'listObjects'> {
  const all = [...objects]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, sizeBytes, etag }) => ({
      ref: refOf(bucket, key),
      sizeBytes,
      etag,
      lastModifiedMs: 0,
      storageClass: 'Standard',
    }));
  return {
    listObjects: (_bucket, _prefix, from) => {
      const start = from?.kind === 'token' ? Number(from.token) : 0;
      const items = all.slice(start, start + pageObjects);
      return Promise.resolve({
        items,
        ...(start + pageObjects < all.length ? { next: String(start + pageObjects) } : {}),
      });
    },
  };
}

/** Many objects as a user downloads them: as a folder. */
async function run(client: MirroredWorker, job: Job): Promise<void> {
  await (job.objects.length > 1 ? runBatch(client, job) : runDownloads(client, job));
}

async function runBatch(client: MirroredWorker, { bucket, objects, folder }: Job): Promise<void> {
  const finished = new Promise<void>((resolve, reject) => {
    client.onDidChangeBatch(({ state, done, failed }) => {
      if (failed > 0 || state.kind === 'failed') reject(new Error(`of ${objects.length} objects ${failed} failed`));
      else if (state.kind === 'finished' && done === objects.length) resolve();
    });
  });
  finished.catch(() => undefined); // adding may fail first
  const source = { kind: 'prefix', bucket: { profile: 'bench', bucket }, prefix: '', into: [] } as const;
  await client.batches.add({
    sources: [source],
    folder,
    label: `oss://${bucket}/`,
    conflict: 'ask',
    invalidNames: 'encode',
    preserveModified: true,
  });
  await finished;
}

async function runDownloads(client: MirroredWorker, { bucket, objects }: Job): Promise<void> {
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
  await Promise.all(
    earlier.length > 0 ? earlier.map((id) => client.resume(id)) : objects.map((object) => add(client, bucket, object)),
  );
  await finished;
}

async function add(client: MirroredWorker, bucket: string, { key, path, sizeBytes, etag }: JobObject): Promise<void> {
  await client.add({
    source: { kind: 'oss', object: refOf(bucket, key) },
    path,
    overwrite: false,
    known: { sizeBytes, etag },
  });
}

function refOf(bucket: string, key: string): ObjectRef {
  return { profile: 'bench', bucket, key };
}
