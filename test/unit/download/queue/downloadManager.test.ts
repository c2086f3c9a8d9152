import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemClock } from '../../../../src/base/clock.ts';
import { AppError } from '../../../../src/base/errors.ts';
import { DownloadManager } from '../../../../src/download/queue/downloadManager.ts';
import { OtherWindows } from '../../../../src/download/windows/otherWindows.ts';
import type { DownloadState } from '../../../../src/download/downloadState.ts';
import type { DownloadRequest, DownloadSnapshot } from '../../../../src/download/model.ts';
import { EngineRig } from '../../../support/engineRig.ts';
import { until } from '../../../support/poll.ts';
import { seededBytes } from '../../../support/random.ts';

const partSize = 64 * 1024;

function failsWith(code: string): (error: unknown) => boolean {
  return (error) => error instanceof AppError && error.code === code;
}

describe('DownloadManager', () => {
  let rig: EngineRig;
  let manager: DownloadManager;
  let events: DownloadSnapshot[];

  /** A new manager on the same disk, as after a restart of the editor. */
  const start = async (): Promise<void> => {
    manager = new DownloadManager(rig.deps, new OtherWindows(join(rig.folder.path, 'windows'), systemClock));
    events = [];
    manager.onDidChange((snapshot) => events.push(snapshot));
    await manager.load();
  };
  const state = (id: string): DownloadState['kind'] | undefined =>
    manager.downloads.find((download) => download.id === id)?.state.kind;
  const reaches = (id: string, kind: DownloadState['kind']): Promise<void> => until(kind, () => state(id) === kind);
  const requestFor = (name: string, more: Partial<DownloadRequest> = {}): DownloadRequest =>
    rig.request(name, { path: join(rig.folder.path, 'out', name), ...more });
  /** Responses stop after some bytes until `release`. */
  const hang = (): void => {
    rig.reader.fault = () => ({ kind: 'hang', afterBytes: 30_000 });
  };
  const release = (): void => {
    rig.reader.fault = () => undefined;
  };

  beforeEach(async () => {
    rig = new EngineRig();
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      rig.put(name, seededBytes(5 * partSize, name.charCodeAt(0)));
    }
    await start();
  });
  afterEach(async () => {
    await manager.shutdown();
    rig.folder.remove();
  });

  it('a download is queued, runs and completes, and reports each state once', async () => {
    const id = await manager.add(requestFor('a'));
    await reaches(id, 'completed');
    const kinds = events.map((event) => event.state.kind);
    assert.deepEqual(
      kinds.filter((kind, index) => kind !== kinds[index - 1]),
      ['queued', 'running', 'completed'],
    );
    const [finished] = manager.downloads;
    assert.equal(finished?.bytesDone, 5 * partSize);
    assert.equal(finished.bytesTotal, 5 * partSize);
    assert.equal(finished.label, 'oss://bucket/a');
  });

  it('a paused download keeps its bytes and later fetches only the rest', async () => {
    hang();
    const id = await manager.add(requestFor('a'));
    await until('bytes', () => rig.reader.bytesSent >= 4 * 30_000);
    await manager.pause(id);
    assert.equal(state(id), 'paused');
    release();
    await manager.resume(id);
    await reaches(id, 'completed');
    assert.equal(rig.reader.bytesSent, 5 * partSize);
  });

  it('paused, failed and finished downloads keep their state across a restart', async () => {
    const done = await manager.add(requestFor('a'));
    await reaches(done, 'completed');
    const failed = await manager.add(requestFor('nothing'));
    await reaches(failed, 'failed');
    hang();
    const paused = await manager.add(requestFor('b'));
    await until('bytes', () => rig.reader.bytesSent > 6 * partSize);
    await manager.pause(paused);
    const interrupted = await manager.add(requestFor('c'));
    await reaches(interrupted, 'running');
    rig.limits = { ...rig.limits, concurrentDownloads: 1 };
    const queued = await manager.add(requestFor('d'));
    const before = manager.downloads.find((download) => download.id === paused);
    await manager.shutdown();

    await start();
    assert.deepEqual([done, failed, paused, interrupted, queued].map(state), [
      'completed',
      'failed',
      'paused',
      'interrupted',
      'interrupted',
    ]);
    assert.equal(manager.downloads.find((download) => download.id === paused)?.bytesDone, before?.bytesDone);
    const error = manager.downloads.find((download) => download.id === failed)?.state;
    assert.ok(error?.kind === 'failed' && error.error.code === 'object/notFound');
    await manager.remove(done);
    await manager.shutdown();
    await start();
    assert.equal(state(done), undefined);
    assert.ok(existsSync(join(rig.folder.path, 'out', 'a')));
  });

  it('a shutdown takes less than a second, whatever the network does', async () => {
    hang();
    const id = await manager.add(requestFor('a'));
    await until('bytes', () => rig.reader.bytesSent >= 30_000);
    const began = performance.now();
    await manager.shutdown();
    assert.ok(performance.now() - began < 1000);
    assert.equal(state(id), 'interrupted');
  });

  it('a cancel works in every unfinished state and leaves no file behind', async () => {
    hang();
    rig.limits = { ...rig.limits, concurrentDownloads: 1 };
    const removed: string[] = [];
    manager.onDidRemove((id) => removed.push(id));
    const [running, queued] = [await manager.add(requestFor('a')), await manager.add(requestFor('b'))];
    await until('bytes', () => rig.reader.bytesSent >= 30_000);
    await manager.cancel(queued);
    await manager.cancel(running);
    assert.deepEqual(removed, [queued, running]);
    assert.deepEqual(manager.downloads, []);
    assert.ok(!existsSync(join(rig.folder.path, 'out', 'a.ossdownload')));
    assert.deepEqual(await rig.deps.store.loadAll(), []);
  });

  it('a cancel leaves no file behind, whatever was requested just before', async () => {
    for (let turn = 0; turn < 12; turn += 1) {
      hang();
      const id = await manager.add(requestFor('a'));
      for (let turns = 0; turns < turn; turns += 1) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      const before = turn % 3 === 0 ? manager.pause(id) : turn % 3 === 1 ? manager.restart(id) : Promise.resolve();
      await Promise.all([before, manager.cancel(id)]);
      release();
      assert.deepEqual(manager.downloads, [], `turn ${turn}`);
      assert.deepEqual([...(await rig.deps.store.ids())], [], `turn ${turn}`);
      assert.ok(!existsSync(join(rig.folder.path, 'out', 'a.ossdownload')), `turn ${turn}`);
    }
  });

  it('a repeated request returns the same download, and a different one for the same path is refused', async () => {
    hang();
    const id = await manager.add(requestFor('a'));
    assert.equal(await manager.add(requestFor('a')), id);
    await assert.rejects(
      manager.add({ ...requestFor('b'), path: requestFor('a').path }),
      failsWith('disk/targetExists'),
    );
    assert.equal(manager.downloads.length, 1);
  });

  it('a taken or relative path is refused before any request is sent', async () => {
    mkdirSync(dirname(rig.target), { recursive: true });
    writeFileSync(rig.target, 'mine');
    await assert.rejects(manager.add(rig.request('a')), failsWith('disk/targetExists'));
    await assert.rejects(manager.add(requestFor('a', { path: 'relative' })), failsWith('input/invalidPath'));
    assert.equal(rig.reader.requests.length, 0);
    await reaches(await manager.add(rig.request('a', { overwrite: true })), 'completed');
    assert.equal(readFileSync(rig.target).length, 5 * partSize);
  });

  it('a download whose object was replaced starts over on request', async () => {
    hang();
    const id = await manager.add(requestFor('a'));
    await until('bytes', () => rig.reader.bytesSent >= 4 * 30_000);
    await manager.pause(id);
    const replaced = seededBytes(3 * partSize, 99);
    rig.put('a', replaced);
    release();
    await manager.resume(id);
    await reaches(id, 'failed');
    const failed = manager.downloads[0]?.state;
    assert.ok(failed?.kind === 'failed' && failed.error.code === 'object/changed' && failed.canResume);
    assert.ok(existsSync(join(rig.folder.path, 'out', 'a.ossdownload')));
    await manager.restart(id);
    await reaches(id, 'completed');
    assert.ok(readFileSync(join(rig.folder.path, 'out', 'a')).equals(replaced));
  });

  it('a server without ranges that cuts every response is given up, and a resume grants all waits again', async () => {
    rig.reader.knowsRanges = false;
    rig.reader.fault = () => ({ kind: 'cut', afterBytes: 3 * partSize });
    const id = await manager.add(requestFor('a'));
    await reaches(id, 'failed');
    const requests = rig.reader.requests.length;
    assert.ok(requests < 60, `${requests} requests`);
    await manager.resume(id);
    await reaches(id, 'failed');
    assert.ok(rig.reader.requests.length - requests > 10, 'the resume waits for the network, too');
    rig.reader.fault = () => undefined;
    await manager.resume(id);
    await reaches(id, 'completed');
  });

  it('a download waits when the network fails half-way, and fails at once without a first connection', async () => {
    const gone = new AppError('network/unreachable', 'no route', { retryable: true });
    rig.reader.fault = () => ({ kind: 'fail', error: gone });
    await reaches(await manager.add(requestFor('b')), 'failed');
    const errors = (): readonly string[] => rig.log.filter((line) => line.startsWith('error'));
    assert.deepEqual(errors(), [`error download failed, network/unreachable, no route: ${requestFor('b').path}`]);
    let unreachable = true;
    rig.reader.requests.length = 0;
    rig.reader.fault = (_request, attempt) => (attempt > 3 && unreachable ? { kind: 'fail', error: gone } : undefined);
    const id = await manager.add(requestFor('a'));
    await until('waiting', () =>
      events.some((event) => event.id === id && event.state.kind === 'waiting' && event.state.reason === 'network'),
    );
    unreachable = false;
    await reaches(id, 'completed');
    assert.equal(errors().length, 1, 'waiting is no failure');
    assert(rig.log.includes(`info the network is gone, network/unreachable, no route: ${requestFor('a').path}`));
  });

  it('a secret URL is never stored, and the user must give it again after a restart', async () => {
    const bytes = seededBytes(5 * partSize, 1);
    const url = 'memory://host/file?Signature=secret';
    rig.reader.objects.set(url, { bytes, etag: '"e"', crc64: rig.deps.crc64.of(bytes).toString() });
    rig.reader.objects.set(`${url}2`, { bytes, etag: '"e"', crc64: rig.deps.crc64.of(bytes).toString() });
    hang();
    const id = await manager.add(requestFor('u', { source: { kind: 'url', url } }));
    await until('bytes', () => rig.reader.bytesSent >= 4 * 30_000);
    await manager.shutdown();
    const kept = rig.reader.bytesSent;
    const [checkpoint] = await rig.deps.store.loadAll();
    assert.ok(checkpoint !== undefined && !JSON.stringify(checkpoint.header).includes('Signature'));
    await start();
    release();
    await manager.resume(id);
    await reaches(id, 'waiting');
    await manager.replaceUrl(id, `${url}2`);
    await reaches(id, 'completed');
    assert.equal(rig.reader.bytesSent - kept, bytes.length - kept);
  });

  it('a download left by an earlier session shows since when, until its state changes', async () => {
    hang();
    const id = await manager.add(requestFor('a'));
    await until('bytes', () => rig.reader.bytesSent > 0);
    const idleSinceMs = (): number | undefined => manager.downloads.find((each) => each.id === id)?.idleSinceMs;
    assert.equal(idleSinceMs(), undefined);
    await manager.shutdown();
    await start();
    assert.ok(Math.abs((idleSinceMs() ?? 0) - Date.now()) < 60_000);
    await manager.resume(id);
    assert.equal(idleSinceMs(), undefined);
  });

  it('unknown ids are refused', async () => {
    for (const call of ['pause', 'resume', 'restart', 'cancel', 'remove'] as const) {
      await assert.rejects(manager[call]('nobody'), failsWith('download/notFound'));
    }
  });
});
