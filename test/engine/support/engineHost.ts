import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { toErrorRecord } from '../../../src/base/errors.ts';
import { WorkerClient } from '../../../src/download/worker/engineClient.ts';
import type { ObjectRef } from '../../../src/oss/model.ts';
import { noBatches } from './noBatches.ts';
import type { HostCall, HostEvent, HostMemory, HostRequest, HostResult, HostSetup } from './hostProtocol.ts';

/**
 * Stands in for an extension host: a process of its own that runs the real worker, to be killed at any moment.
 * Takes `HostRequest`s over IPC and sends `HostEvent`s.
 */
const setup = JSON.parse(process.argv[2] ?? '') as HostSetup; // the cast: what EngineProcess passes

let worker: Worker | undefined;
process.on('worker', (started) => {
  worker = started;
});

const client = new WorkerClient(
  join(import.meta.dirname, '../../../src/download/worker/workerMain.ts'),
  {
    storagePath: setup.storagePath,
    limits: setup.limits,
    network: { noProxy: [], strictTls: true, extraCertificates: [] },
  },
  { signGet: (object) => Promise.resolve({ url: urlOf(object), expiresAtMs: Number.MAX_SAFE_INTEGER }), ...noBatches },
  {
    ready: ({ downloads }) => send({ type: 'ready', downloads }),
    changed: (downloads) => downloads.forEach((download) => send({ type: 'changed', download })),
    removed: (ids) => ids.forEach((id) => send({ type: 'removed', id })),
    batchChanged: () => undefined,
    batchRemoved: () => undefined,
    ended: () => undefined,
  },
  { log: (level, message) => send({ type: 'log', level, message }) },
);

process.on('message', (request: HostRequest) => void answer(request));
// Who started this process is gone: nobody will ever end it.
process.on('disconnect', () => process.exit(1));

await client.ready;

function urlOf({ bucket, key, versionId }: ObjectRef): string {
  const query = versionId === undefined ? '' : `?versionId=${versionId}`;
  return `${setup.origin}/${bucket}/${encodeURIComponent(key)}${query}`;
}

function send(event: HostEvent): void {
  if (process.connected) {
    process.send?.(event);
  }
}

async function answer({ callId, call }: HostRequest): Promise<void> {
  const result = await perform(call).catch((error: unknown): HostResult => ({
    ok: false,
    error: toErrorRecord(error),
  }));
  send({ type: 'result', callId, result });
  if (call.type === 'shutdown') {
    process.disconnect();
  }
}

async function perform(call: HostCall): Promise<HostResult> {
  switch (call.type) {
    case 'add':
      return { ok: true, id: await client.add(call.request) };
    case 'replaceUrl':
      await client.replaceUrl(call.id, call.url);
      return { ok: true };
    case 'limits':
      client.setLimits(call.limits);
      return { ok: true };
    case 'memory':
      return { ok: true, memory: await memory() };
    case 'resident':
      return { ok: true, residentBytes: process.memoryUsage.rss() };
    case 'shutdown':
      await client.shutdown();
      return { ok: true };
    default:
      await client[call.type](call.id);
      return { ok: true };
  }
}

async function memory(): Promise<HostMemory> {
  if (worker === undefined) {
    throw new Error('the worker has not started');
  }
  // A snapshot begins with a full collection of garbage; there is no other way to ask a thread for one.
  (await worker.getHeapSnapshot()).destroy();
  globalThis.gc?.();
  const { used_heap_size: workerHeapBytes, external_memory: workerExternalBytes } = await worker.getHeapStatistics();
  return { workerHeapBytes, workerExternalBytes, residentBytes: process.memoryUsage.rss() };
}
