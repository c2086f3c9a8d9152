import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DownloadSnapshot } from '../../src/download/model.ts';
import { startOssServer } from '../server/ossServer.ts';
import type { OssServer } from '../server/ossServer.ts';
import { until } from '../support/poll.ts';
import { seededRandom } from '../support/random.ts';
import { tempFolder } from '../support/tempFolder.ts';
import type { TempFolder } from '../support/tempFolder.ts';
import { differenceFrom } from './support/compareFile.ts';
import { EngineProcess } from './support/engineProcess.ts';
import type { HostSetup } from './support/hostProtocol.ts';

const MiB = 1024 * 1024;
const connections = 4;

/** Real processes, ended by SIGKILL. `KILL_SEED` repeats a run. */
describe('killed processes', function () {
  this.timeout(120_000);
  const seed = Number(process.env['KILL_SEED'] ?? Math.floor(Math.random() * 1e9));
  let server: OssServer;
  let folder: TempFolder;
  let target: string;
  const running: EngineProcess[] = [];

  const setup = (): HostSetup => ({
    storagePath: join(folder.path, 'storage'),
    limits: {
      maxConnections: connections,
      concurrentDownloads: 3,
      partSizeBytes: 'auto',
      retries: 5,
      stallTimeoutMs: 5000,
    },
    origin: server.url,
  });
  async function start(): Promise<EngineProcess> {
    const engine = EngineProcess.spawn(setup());
    running.push(engine);
    await engine.ready;
    return engine;
  }
  const add = (engine: EngineProcess): Promise<string> =>
    engine.add({
      source: { kind: 'oss', object: { profile: 'p', bucket: 'pub', key: 'big' } },
      path: target,
      overwrite: false,
    });
  const stateOf = (engine: EngineProcess, id: string): DownloadSnapshot['state']['kind'] | undefined =>
    engine.downloads.get(id)?.state.kind;
  const sent = (): number =>
    server.requests.of('pub', 'big', 'GET').reduce((sum, request) => sum + request.bodyBytes, 0);

  before(() => console.log(`      KILL_SEED=${seed}`));
  beforeEach(async () => {
    folder = tempFolder();
    target = join(folder.path, 'out', 'big.bin');
    server = await startOssServer({ buckets: { pub: { acl: 'public-read' } } });
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((engine) => engine.kill()));
    await server.close();
    folder.remove();
  });

  it('twenty kills at random moments leave an identical file, and few bytes are fetched twice', async () => {
    const random = seededRandom(seed);
    const longestMs = 1500;
    const bytesPerSecond = MiB;
    // More bytes than all runs together can fetch, so that none finishes the download.
    const sizeBytes = 128 * MiB;
    server.store.bucket('pub').put('big', { seed: 7, sizeBytes });
    server.settings.bytesPerSecond = bytesPerSecond;
    let id = '';
    const twice: number[] = [];
    let keptBefore = 0;
    for (let death = 1; death <= 20; death += 1) {
      const engine = await start();
      const sentBefore = sent();
      if (id === '') {
        id = await add(engine);
      } else {
        assert.equal(stateOf(engine, id), 'interrupted');
        const kept = engine.downloads.get(id)?.bytesDone ?? 0;
        twice.push(keptBefore - kept);
        await engine.resume(id);
      }
      const moment = random() * longestMs;
      await new Promise((resolve) => setTimeout(resolve, moment)); // the moment is the test's, not a wait for something
      await engine.kill();
      await until('the server to notice', () => server.requests.entries.every((request) => request.outcome !== 'open'));
      const known = twice.length === 0 ? 0 : keptBefore - (twice.at(-1) ?? 0);
      keptBefore = known + sent() - sentBefore;
    }
    server.settings.bytesPerSecond = 0;
    const engine = await start();
    twice.push(keptBefore - (engine.downloads.get(id)?.bytesDone ?? 0));
    await engine.resume(id);
    await until('completed', () => stateOf(engine, id) === 'completed', 60_000);
    assert.equal(await differenceFrom(target, 7, sizeBytes), undefined);
    assert.ok(!existsSync(`${target}.ossdownload`));
    const bound = connections * MiB + connections * bytesPerSecond;
    console.log(
      `      fetched twice after each death, in KiB ` +
        `(bound ${bound / 1024}): ${twice.map((bytes) => Math.round(bytes / 1024)).join(' ')}`,
    );
    assert.ok(Math.max(...twice) <= bound);
  });

  it('a second process takes over only after the owner died', async () => {
    const sizeBytes = 24 * MiB;
    server.store.bucket('pub').put('big', { seed: 8, sizeBytes });
    server.settings.bytesPerSecond = 2 * MiB;
    const owner = await start();
    const id = await add(owner);
    await until('a start', () => (owner.downloads.get(id)?.bytesDone ?? 0) > 3 * MiB);
    // It does not end by itself, however long the second process takes to start.
    server.settings.bytesPerSecond = MiB / 16;
    const heir = await start();
    assert.equal(stateOf(heir, id), 'running');
    const before = server.requests.entries.length;
    await heir.resume(id);
    assert.ok(server.requests.entries.length - before <= connections, 'the heir asks for nothing');
    await owner.kill();
    const died = performance.now();
    server.settings.bytesPerSecond = 0;
    await until('seen as interrupted', () => stateOf(heir, id) === 'interrupted', 8000);
    await heir.resume(id);
    await until('completed', () => stateOf(heir, id) === 'completed', 20_000);
    assert.ok(performance.now() - died < 15_000);
    assert.equal(await differenceFrom(target, 8, sizeBytes), undefined);
  });

  it('two processes that begin the same download at the same moment finish it once', async () => {
    const sizeBytes = 8 * MiB;
    server.store.bucket('pub').put('big', { seed: 9, sizeBytes });
    server.settings.bytesPerSecond = 4 * MiB;
    const engines = [await start(), await start()] as const;
    const ids = await Promise.all(engines.map(add));
    await until(
      'one is completed',
      () => engines.some((engine, index) => stateOf(engine, ids[index] ?? '') === 'completed'),
      20_000,
    );
    assert.equal(await differenceFrom(target, 9, sizeBytes), undefined);
    await until(
      'the other has not',
      () =>
        engines.some((engine, index) => ['failed', 'interrupted'].includes(stateOf(engine, ids[index] ?? '') ?? '')),
      10_000,
    );
  });
});
