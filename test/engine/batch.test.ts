import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger } from '../support/silentLogger.ts';
import type { BatchRequest, BatchSnapshot } from '../../src/download/batchModel.ts';
import { keyOfSegments } from '../../src/download/files/localPath.ts';
import { createAliOssAccess } from '../../src/oss/api/ossAccess.ts';
import type { OssAccess } from '../../src/oss/api/ossAccess.ts';
import { startOssServer } from '../server/ossServer.ts';
import type { OssServer } from '../server/ossServer.ts';
import { awkwardFolder } from '../server/objects/sampleData.ts';
import { until } from '../support/poll.ts';
import { tempFolder } from '../support/tempFolder.ts';
import type { TempFolder } from '../support/tempFolder.ts';
import { oneProfile } from '../unit/oss/support/access.ts';
import { directNetwork } from '../unit/oss/support/answers.ts';
import { MirroredWorker } from './support/mirroredWorker.ts';

const workerMain = join(import.meta.dirname, '../../src/download/worker/workerMain.ts');
const prefix = 'all/';

describe('batches of the engine', () => {
  const all = awkwardFolder(prefix, 2500);
  let server: OssServer;
  let folder: TempFolder;
  let access: OssAccess;
  const clients: MirroredWorker[] = [];

  const start = async (): Promise<MirroredWorker> => {
    const client = new MirroredWorker(
      workerMain,
      {
        storagePath: join(folder.path, 'storage'),
        limits: { maxConnections: 16, concurrentDownloads: 8, partSizeBytes: 'auto', retries: 2, stallTimeoutMs: 5000 },
        network: { noProxy: [], strictTls: true, extraCertificates: [] },
      },
      {
        signGet: (...args) => access.signGet(...args),
        listObjects: (...args) => access.listObjects(...args),
        askConflict: () => Promise.reject(new Error('nothing was there before')),
      },
      silentLogger,
    );
    clients.push(client);
    await client.ready;
    return client;
  };
  const target = (): string => join(folder.path, 'target');
  const request = (): BatchRequest => ({
    sources: [{ kind: 'prefix', bucket: { profile: 'p', bucket: 'b-1' }, prefix, into: ['all'] }],
    folder: target(),
    label: `oss://b-1/${prefix}`,
    conflict: 'ask',
    invalidNames: 'encode',
    preserveModified: true,
  });
  const batch = (client: MirroredWorker, id: string): BatchSnapshot | undefined =>
    client.allBatches.find((each) => each.id === id);
  const reaches = (client: MirroredWorker, id: string, kind: BatchSnapshot['state']['kind']): Promise<void> =>
    until(kind, () => batch(client, id)?.state.kind === kind, 120_000);

  /** Requests per key, and the number of listed pages. */
  const asked = (): { readonly reads: ReadonlyMap<string, number>; readonly pages: number } => {
    const reads = new Map<string, number>();
    let pages = 0;
    for (const { method, key } of server.requests.entries) {
      if (method === 'GET' && key === undefined) {
        pages += 1;
      } else if (method === 'GET' && key !== undefined) {
        reads.set(key, (reads.get(key) ?? 0) + 1);
      }
    }
    return { reads, pages };
  };

  /** Every file below the target by its content, which is its key. */
  const onDisk = (): ReadonlyMap<string, readonly string[]> => {
    const found = new Map<string, readonly string[]>();
    for (const entry of readdirSync(target(), { recursive: true, encoding: 'utf8' })) {
      if (statSync(join(target(), entry)).isFile()) {
        const segments = entry.split('/');
        const key = keyOfSegments(segments);
        const content = readFileSync(join(target(), entry), 'utf8');
        found.set(
          content === '' ? (key ?? entry) : (JSON.parse(content.slice('content of '.length)) as string),
          segments,
        );
      }
    }
    return found;
  };

  before(async () => {
    server = await startOssServer({ buckets: { 'b-1': {} } });
    const bucket = server.store.bucket('b-1');
    for (const [key, text] of all) {
      bucket.put(key, { text });
    }
    bucket.put('elsewhere.txt', { text: 'not below the prefix' });
    access = createAliOssAccess({
      profiles: oneProfile({ endpoint: server.url, region: 'cn-hangzhou' }),
      network: directNetwork,
      logger: silentLogger,
      pageSize: () => 100,
    });
  });
  beforeEach(() => {
    folder = tempFolder();
    server.requests.clear();
  });
  afterEach(async function () {
    this.timeout(60_000);
    await Promise.all(clients.splice(0).map((client) => client.shutdown()));
    folder.remove();
  });
  after(async () => {
    await access.close();
    await server.close();
  });

  it('a stopped batch of 2,500 awkward names repeats no finished download or listing', async function () {
    this.timeout(300_000);
    const first = await start();
    const id = await first.batches.add(request());
    await until('some of them', () => (batch(first, id)?.done ?? 0) > 300, 60_000);
    await first.batches.pause(id);
    assert.equal(batch(first, id)?.state.kind, 'paused');
    assert.ok(batch(first, id)?.isListed === false);
    await first.shutdown();

    const second = await start();
    assert.equal(batch(second, id)?.state.kind, 'paused');
    await second.batches.resume(id);
    await until('more of them', () => (batch(second, id)?.done ?? 0) > 1400, 60_000);
    await second.shutdown();

    const third = await start();
    // On a slow machine a shutdown is cut off, and the lease is given up for dead only after some seconds.
    await reaches(third, id, 'interrupted');
    await third.batches.resume(id);
    await reaches(third, id, 'finished');

    const markers = [...all]
      .filter(([, text]) => text === '')
      .map(([key]) => key)
      .filter((key) => key.endsWith('/'));
    const files = [...all.keys()].filter((key) => !key.endsWith('/'));
    const { failed, done, skipped, found } = batch(third, id) ?? {};
    assert.deepEqual(
      { failed, done, skipped, found },
      { failed: 0, done: files.length, skipped: 0, found: files.length },
    );
    const tree = onDisk();
    assert.deepEqual([...tree.keys()].sort(), files.sort());
    for (const [key, segments] of tree) {
      const back = keyOfSegments(segments);
      assert.ok(back === undefined || back === key, `${segments.join('/')} is ${key}`);
    }
    assert.equal(markers.filter((key) => !existsSync(join(target(), key))).length, 0);
    const { reads, pages } = asked();
    const twice = [...reads.values()].filter((times) => times > 1).length;
    assert.equal(reads.size, files.length);
    // three small downloads per connection are active when it is stopped
    assert.ok(twice <= 2 * 3 * 8, `${twice} were fetched twice`);
    assert.ok(pages <= 3 + 2, `${pages} pages were listed`);
    assert.deepEqual(third.downloads, []);
    assert.deepEqual(readdirSync(join(folder.path, 'storage', 'checkpoints')), []);
  });
});
