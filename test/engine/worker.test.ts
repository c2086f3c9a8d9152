import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../src/base/errors.ts';
import type { Logger } from '../../src/base/logger.ts';
import type { DownloadState } from '../../src/download/downloadState.ts';
import type { DownloadRequest, DownloadSnapshot } from '../../src/download/model.ts';
import { WorkerClient } from '../../src/download/worker/engineClient.ts';
import type { WorkerHost } from '../../src/download/worker/engineClient.ts';
import type { WorkerSetup } from '../../src/download/worker/protocol.ts';
import { Downloads } from '../../src/vscode/list/downloadList.ts';
import { startOssServer } from '../server/ossServer.ts';
import type { OssServer } from '../server/ossServer.ts';
import { until } from '../support/poll.ts';
import { tempFolder } from '../support/tempFolder.ts';
import type { TempFolder } from '../support/tempFolder.ts';
import { differenceFrom } from './support/compareFile.ts';
import { MirroredWorker } from './support/mirroredWorker.ts';
import { noBatches } from './support/noBatches.ts';

const MiB = 1024 * 1024;
const workerMain = join(import.meta.dirname, '../../src/download/worker/workerMain.ts');

describe('the download worker', () => {
  let server: OssServer;
  let folder: TempFolder;
  let log: string[];
  let signed: number;
  let signError: AppError | undefined;
  let keptUrls: Map<string, string>;
  const clients: MirroredWorker[] = [];

  const logger: Logger = { log: (level, message) => void log.push(`${level} ${message}`) };
  const setup = (): WorkerSetup => ({
    storagePath: join(folder.path, 'storage'),
    limits: { maxConnections: 4, concurrentDownloads: 3, partSizeBytes: 'auto', retries: 2, stallTimeoutMs: 5000 },
    network: { noProxy: [], strictTls: true, extraCertificates: [] },
  });
  const host: WorkerHost = {
    signGet: ({ bucket, key }) => {
      signed += 1;
      return signError === undefined
        ? Promise.resolve({ url: `${server.url}/${bucket}/${key}?signed=secret`, expiresAtMs: Number.MAX_SAFE_INTEGER })
        : Promise.reject(signError);
    },
    ...noBatches,
  };
  function start(): MirroredWorker {
    const client = new MirroredWorker(workerMain, setup(), host, logger, {
      load: (id) => Promise.resolve(keptUrls.get(id)),
    });
    clients.push(client);
    return client;
  }
  const request = (name = 'big'): DownloadRequest => ({
    source: { kind: 'oss', object: { profile: 'p', bucket: 'pub', key: name } },
    path: join(folder.path, 'out', name),
    overwrite: false,
  });
  const snapshot = (client: MirroredWorker, id: string): DownloadSnapshot | undefined =>
    client.downloads.find((download) => download.id === id);
  const reaches = (client: MirroredWorker, id: string, kind: DownloadState['kind']): Promise<void> =>
    until(kind, () => snapshot(client, id)?.state.kind === kind);

  beforeEach(async () => {
    server = await startOssServer({ buckets: { pub: { acl: 'public-read' } } });
    server.store.bucket('pub').put('big', { seed: 1, sizeBytes: 20 * MiB });
    folder = tempFolder();
    log = [];
    signed = 0;
    signError = undefined;
    keptUrls = new Map();
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.shutdown()));
    await server.close();
    folder.remove();
  });

  it('the worker downloads with URLs that the host signs, and reports progress', async () => {
    const client = start();
    await client.ready;
    const seen: string[] = [];
    client.onDidChange((download) => seen.push(download.state.kind));
    const id = await client.add(request());
    await reaches(client, id, 'completed');
    assert.equal(await differenceFrom(request().path, 1, 20 * MiB), undefined);
    // changes within a short time arrive as one
    assert.deepEqual(
      seen.filter((kind, index) => kind !== 'queued' && kind !== seen[index - 1]),
      ['running', 'completed'],
    );
    assert.equal(signed, 1);
    assert.equal(await client.verify(id, new AbortController().signal), 'intact');
    await assert.rejects(client.verify(id, AbortSignal.abort(new Error('enough'))), /enough/);
    await client.remove(id);
    assert.deepEqual(client.downloads, []);
  });

  it('the worker asks the host for the complete URL after a restart and continues with it', async () => {
    const url = `${server.url}/pub/big?any=secret`;
    server.settings.bytesPerSecond = 4 * MiB;
    const before = start();
    const id = await before.add({ ...request(), source: { kind: 'url', url } });
    await until('bytes', () => (snapshot(before, id)?.bytesDone ?? 0) > 2 * MiB);
    await before.shutdown();
    server.settings.bytesPerSecond = 0;
    const after = start();
    await after.ready;
    await after.resume(id);
    await reaches(after, id, 'waiting');
    await after.pause(id);
    keptUrls.set(id, url);
    await after.resume(id);
    await reaches(after, id, 'completed');
    assert.equal(await differenceFrom(request().path, 1, 20 * MiB), undefined);
    assert.ok(!log.join().includes('secret'));
  });

  it('the worker reads an object into memory, and stops when the caller aborts', async () => {
    const client = start();
    await client.ready;
    const object = { profile: 'p', bucket: 'pub', key: 'small' };
    const put = server.store.bucket('pub').put('small', { text: 'to be looked at' });
    const known = { sizeBytes: 'to be looked at'.length, etag: put.etag };
    const never = new AbortController().signal;
    assert.equal(Buffer.from(await client.read({ object, known }, never)).toString(), 'to be looked at');
    assert.equal(Buffer.from(await client.read({ object, known, firstBytes: 5 }, never)).toString(), 'to be');
    assert.equal(signed, 2);
    await assert.rejects(
      client.read({ object, known: { ...known, etag: '"another"' } }, never),
      (error) => error instanceof AppError && error.code === 'object/changed',
    );
    server.settings.bytesPerSecond = 1;
    const controller = new AbortController();
    const reading = client.read({ object, known }, controller.signal);
    await until('the request', () =>
      server.requests.of('pub', 'small', 'GET').some(({ outcome }) => outcome === 'open'),
    );
    controller.abort(new Error('enough'));
    await assert.rejects(reading, /enough/);
    await until('the end of the request', () =>
      server.requests.of('pub', 'small', 'GET').every(({ outcome }) => outcome !== 'open'),
    );
    assert.deepEqual(client.downloads, []);
  });

  it('progress is sent at most four times a second', async () => {
    server.settings.bytesPerSecond = 2 * MiB;
    const client = start();
    const times: number[] = [];
    client.onDidChange((download) => download.state.kind === 'running' && times.push(performance.now()));
    const id = await client.add(request());
    await reaches(client, id, 'completed');
    const first = times[0] ?? 0;
    assert.ok(times.length >= 4);
    assert.ok(
      times.length <= 5 + ((times.at(-1) ?? 0) - first) / 240,
      `${times.length} in ${(times.at(-1) ?? 0) - first} ms`,
    );
  });

  it('a changed speed limit applies to a running download, and so does its removal', async () => {
    const client = start();
    const limits = {
      maxConnections: 4,
      concurrentDownloads: 3,
      partSizeBytes: 'auto',
      retries: 2,
      stallTimeoutMs: 5000,
    } as const;
    client.setLimits({ ...limits, bytesPerSecond: MiB });
    const began = performance.now();
    const id = await client.add(request());
    await until('some of it', () => (snapshot(client, id)?.bytesDone ?? 0) > 2 * MiB, 20_000);
    const bytesDone = snapshot(client, id)?.bytesDone ?? 0;
    const seconds = (performance.now() - began) / 1000;
    assert.ok(bytesDone < (seconds + 1) * 1.1 * MiB, `${bytesDone} in ${seconds} s`);

    // At that limit the rest would take longer than the time limit of this wait.
    client.setLimits(limits);
    await until('all of it', () => snapshot(client, id)?.state.kind === 'completed', 10_000);
    assert.equal(await differenceFrom(request().path, 1, 20 * MiB), undefined);
  }).timeout(40_000);

  it('an error of the signer keeps its message and code', async () => {
    signError = new AppError('auth/missingCredentials', 'no key for profile: p', { details: { subject: 'p' } });
    const client = start();
    const id = await client.add(request());
    await reaches(client, id, 'failed');
    const state = snapshot(client, id)?.state;
    assert.ok(
      state?.kind === 'failed' && state.error.code === 'auth/missingCredentials' && state.error.details.subject === 'p',
    );
  });

  it('an error of the engine fails the call', async () => {
    const client = start();
    await assert.rejects(
      client.pause('nobody'),
      (error) => error instanceof AppError && error.code === 'download/notFound',
    );
    await assert.rejects(
      client.batches.report('nobody'),
      (error) => error instanceof AppError && error.code === 'download/notFound',
    );
    await assert.rejects(
      client.add({ ...request(), path: 'relative' }),
      (error) => error instanceof AppError && error.code === 'input/invalidPath',
    );
  });

  it('a shutdown in the middle of a download takes less than a second, and the next start continues it', async () => {
    server.settings.bytesPerSecond = 2 * MiB;
    const first = start();
    const id = await first.add(request());
    await until('some of it', () => (snapshot(first, id)?.bytesDone ?? 0) > 5 * MiB);
    const began = performance.now();
    await first.shutdown();
    assert.ok(performance.now() - began < 1000);
    assert.equal(snapshot(first, id)?.state.kind, 'interrupted');
    await assert.rejects(first.resume(id), (error) => error instanceof AppError && error.code === 'internal');

    server.settings.bytesPerSecond = 0;
    const kept = server.requests.entries.reduce((sum, entry) => sum + entry.bodyBytes, 0);
    const second = start();
    await second.ready;
    assert.equal(snapshot(second, id)?.state.kind, 'interrupted');
    await second.resume(id);
    await reaches(second, id, 'completed');
    assert.equal(await differenceFrom(request().path, 1, 20 * MiB), undefined);
    const total = server.requests.entries.reduce((sum, entry) => sum + entry.bodyBytes, 0);
    assert.ok(total - kept < 18 * MiB);
  });

  it('no secret reaches the disk or the log', async () => {
    server.settings.bytesPerSecond = 4 * MiB;
    server.faults.add({ match: { nth: 2, times: 1 }, action: { kind: 'error', status: 500, code: 'InternalError' } });
    const client = start();
    const id = await client.add(request());
    await client.add({ ...request('missing') });
    await until('a checkpoint', () => (snapshot(client, id)?.bytesDone ?? 0) > 2 * MiB);
    await client.shutdown();
    const checkpoint = readFileSync(join(folder.path, 'storage', 'checkpoints', `${id}.checkpoint`), 'latin1');
    assert.ok(checkpoint.includes('pub'));
    assert.ok(!/signed=|secret/u.test(checkpoint));
    assert.ok(log.length > 0 && !/signed=|secret/u.test(log.join('\n')), log.join('\n'));
  });

  it('a dead worker is reported, interrupts its downloads, and is replaced at the next start', async () => {
    const script = join(folder.path, 'dies.cjs');
    const dying = {
      id: 'x',
      label: 'l',
      path: '/p',
      state: { kind: 'running', phase: 'transferring' },
      bytesDone: 1,
      bytesPerSecond: 1,
    };
    writeFileSync(
      script,
      `const { parentPort } = require('node:worker_threads');
      const ready = { downloads: [${JSON.stringify(dying)}], batches: [] };
      parentPort.postMessage([{ type: 'event', name: 'ready', value: ready }]);
      parentPort.once('message', () => { throw new Error('out of everything'); });`,
    );
    let deaths = 0;
    const list = new Downloads((listener) => {
      const ended = (): void => {
        deaths += 1;
        listener.ended();
      };
      return new WorkerClient(script, setup(), host, { ...listener, ended }, logger);
    });
    const client = await list.start();
    await assert.rejects(client.pause('x'), (error) => error instanceof AppError && error.code === 'internal');
    assert.equal(list.find('x')?.state.kind, 'interrupted');
    assert.ok(log.some((line) => line.startsWith('error') && line.includes('out of everything')));
    await assert.rejects(client.resume('x'), /has ended/u);
    await client.shutdown();
    assert.equal(deaths, 1);
    assert.notEqual(await list.start(), client);
    assert.equal(list.find('x')?.state.kind, 'running');
    await list.shutdown();
  });

  it('a worker that cannot start is reported', async () => {
    writeFileSync(join(folder.path, 'storage'), 'a file where the folder should be');
    const client = start();
    await assert.rejects(client.ready, (error) => error instanceof AppError && error.code === 'internal');
    assert.ok(log.some((line) => line.startsWith('error')));
  });
});
