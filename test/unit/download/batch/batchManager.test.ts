import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../../src/base/errors.ts';
import { twinNames } from '../../../../src/download/files/localPath.ts';
import { BatchRig, batchIn, filesOfMany, keyOf, reaches, rigBucket, tooDeepKey } from '../../../support/batchRig.ts';
import { objectRef } from '../../../support/engineRig.ts';
import { until } from '../../../support/poll.ts';

describe('BatchManager', function () {
  this.timeout(30_000);
  let rig: BatchRig;

  beforeEach(() => {
    rig = new BatchRig();
  });
  afterEach(() => rig.close());

  it('a batch downloads a folder with subfolders and empty folders, and unlists finished downloads', async () => {
    rig.putMany(25);
    rig.put('f/empty/', '');
    rig.put('f/full/', 'a folder object with content');
    const window = await rig.open();
    const id = await window.batches.add(rig.request());
    await reaches(window, id, 'finished');
    assert.deepEqual(rig.files(), { ...filesOfMany(25), 'f/full/%2F': 'a folder object with content' });
    assert.ok(statSync(join(rig.target, 'f', 'empty')).isDirectory());
    const { done, found, failed, skipped, isListed, bytesDone, foundBytes } = batchIn(window, id) ?? {};
    assert.deepEqual(
      { done, found, failed, skipped, isListed },
      { done: 26, found: 26, failed: 0, skipped: 0, isListed: true },
    );
    assert.equal(bytesDone, foundBytes);
    assert.deepEqual([window.manager.downloads, await rig.engine.deps.store.loadAll()], [[], []]);
    assert.equal(rig.listed.length, 3);
  });

  it('downloads begin before the listing ends, and only a limited window of them is queued', async () => {
    rig.putMany(100);
    rig.hang(() => true);
    const window = await rig.open();
    const id = await window.batches.add(rig.request());
    await until('a full window', () => window.manager.downloads.length === 48);
    assert.equal(rig.listed.length, 5);
    assert.equal(batchIn(window, id)?.isListed, false);
    assert.equal(batchIn(window, id)?.found, 50);
    rig.release();
    await window.batches.pause(id);
    await window.batches.resume(id);
    await reaches(window, id, 'finished');
    assert.deepEqual(rig.files(), filesOfMany(100));
  });

  it('a queued download of a batch can be moved to the front', async () => {
    rig.putMany(10);
    rig.engine.limits = { ...rig.engine.limits, maxConnections: 1, concurrentDownloads: 1 };
    rig.hang(() => true);
    const window = await rig.open();
    const id = await window.batches.add(rig.request());
    await until('all of them', () => window.manager.downloads.length === 10 && rig.engine.reader.requests.length === 3);
    await window.manager.prioritize(window.manager.downloads.find(({ path }) => path.endsWith('007'))?.id ?? '');
    rig.release();
    for (const { id: hanging } of window.manager.downloads.slice(0, 3)) {
      await window.manager.pause(hanging);
    }
    await until('seven of them', () => batchIn(window, id)?.done === 7);
    assert.deepEqual(
      rig.engine.reader.requests.slice(0, 4).map(({ url }) => keyOf(url)),
      ['f/000', 'f/001', 'f/002', 'f/007'],
    );
  });

  it('one batch accepts selected objects and folders together', async () => {
    rig.put('a/x');
    rig.put('b/y');
    rig.put('b/z');
    const window = await rig.open();
    const id = await window.batches.add(
      rig.request({
        sources: [
          { kind: 'prefix', bucket: rigBucket, prefix: 'b/', into: ['b'] },
          { kind: 'object', ref: objectRef('a/x'), into: ['x'] },
        ],
      }),
    );
    await reaches(window, id, 'finished');
    assert.deepEqual(rig.files(), { 'b/y': 'content of b/y', 'b/z': 'content of b/z', x: 'content of a/x' });
  });

  it('a batch continues after failures, lists the failed downloads, and retries only those', async () => {
    rig.putMany(40);
    rig.engine.reader.fault = ({ url }) =>
      /f\/0[13]0$/.test(url) ? { kind: 'fail', error: new AppError('auth/accessDenied', 'no') } : undefined;
    const window = await rig.open();
    const id = await window.batches.add(rig.request());
    await reaches(window, id, 'finished');
    const { done, failed, found } = batchIn(window, id) ?? {};
    assert.deepEqual({ done, failed, found }, { done: 38, failed: 2, found: 40 });
    assert.deepEqual(
      window.manager.downloads.map(({ path, state, batch }) => [path.slice(-3), state.kind, batch]),
      [
        ['010', 'failed', id],
        ['030', 'failed', id],
      ],
    );
    await assert.rejects(window.batches.remove(id), (error) => error instanceof AppError && error.code === 'internal');
    rig.release();
    const before = rig.engine.reader.requests.length;
    await window.batches.resume(id);
    await until('all done', () => batchIn(window, id)?.failed === 0 && batchIn(window, id)?.state.kind === 'finished');
    assert.equal(rig.engine.reader.requests.length, before + 2);
    assert.deepEqual(rig.files(), filesOfMany(40));
    await window.batches.remove(id);
    assert.deepEqual([window.batches.batches, readdirSync(join(rig.engine.folder.path, 'batches'))], [[], []]);
  });

  it('a batch continues past an object without a free path, and places it on retry', async () => {
    rig.put('deep/x');
    rig.put(tooDeepKey);
    rig.putMany(3);
    mkdirSync(rig.target, { recursive: true });
    writeFileSync(join(rig.target, 'deep'), 'in the way');
    for (const twin of twinNames('deep')) {
      writeFileSync(join(rig.target, twin), 'in the way, too');
    }
    const first = await rig.open();
    const id = await first.batches.add(rig.request());
    await reaches(first, id, 'finished');
    assert.deepEqual([batchIn(first, id)?.done, batchIn(first, id)?.failed, batchIn(first, id)?.found], [3, 2, 5]);
    await first.shutdown();
    const second = await rig.open();
    assert.equal(batchIn(second, id)?.failed, 2);
    rmSync(join(rig.target, 'deep'));
    await second.batches.resume(id);
    await until(
      'one failure left',
      () => batchIn(second, id)?.state.kind === 'finished' && batchIn(second, id)?.failed === 1,
    );
    assert.equal(rig.files()['deep/x'], 'content of deep/x');
    assert.deepEqual([batchIn(second, id)?.done, batchIn(second, id)?.found], [4, 5]);
  });

  it('cancelling a batch removes its unfinished files and its record, and keeps finished files', async () => {
    rig.putMany(20);
    rig.hang((key) => key > 'f/009');
    const window = await rig.open();
    const removed: string[] = [];
    window.batches.onDidRemove((id) => removed.push(id));
    const id = await window.batches.add(rig.request());
    await until('ten done', () => batchIn(window, id)?.done === 10);
    await window.batches.cancel(id);
    assert.deepEqual(rig.files(), filesOfMany(10));
    assert.deepEqual([window.manager.downloads, window.batches.batches, removed], [[], [], [id]]);
    assert.deepEqual(readdirSync(join(rig.engine.folder.path, 'batches')), []);
  });

  it('a download that the user cancels inside a batch counts as skipped', async () => {
    rig.putMany(3);
    rig.hang((key) => key === 'f/001');
    const window = await rig.open();
    const id = await window.batches.add(rig.request());
    await until('two done', () => batchIn(window, id)?.done === 2);
    await window.manager.cancel(window.manager.downloads.find(({ path }) => path.endsWith('001'))?.id ?? '');
    await reaches(window, id, 'finished');
    const { done, failed, found, skipped } = batchIn(window, id) ?? {};
    assert.deepEqual({ done, failed, found, skipped }, { done: 2, failed: 0, found: 2, skipped: 1 });
  });

  it('a batch waits while the network is down and continues by itself', async () => {
    rig.putMany(25);
    rig.beforePage = () => {
      if (rig.listed.length === 2 || rig.listed.length === 3) {
        throw new AppError('network/unreachable', 'away', { retryable: true });
      }
    };
    const window = await rig.open();
    const id = await window.batches.add(rig.request());
    await reaches(window, id, 'finished');
    assert.deepEqual(rig.files(), filesOfMany(25));
  });

  it('downloads that had not started when the network went down wait instead of failing', async () => {
    rig.putMany(25);
    const window = await rig.open();
    let looks = 0;
    rig.engine.reader.fault = () =>
      looks++ < 60
        ? { kind: 'fail', error: new AppError('network/unreachable', 'away', { retryable: true }) }
        : undefined;
    const failures: string[] = [];
    const told: (boolean | undefined)[] = [];
    window.manager.onDidChange(() => told.push(window.batches.batches[0]?.isWaiting));
    window.manager.onDidChange(({ path, state }) => state.kind === 'failed' && failures.push(path));
    const id = await window.batches.add(rig.request());
    await reaches(window, id, 'finished');
    assert.deepEqual(failures, []);
    assert.ok(told.includes(true));
    assert.equal(batchIn(window, id)?.isWaiting, false);
    assert.deepEqual(rig.files(), filesOfMany(25));
    assert.ok(looks > 60);
  });

  it('a listing error fails the batch after its active downloads end, and a resume continues it', async () => {
    rig.putMany(25);
    rig.beforePage = () => {
      if (rig.listed.length === 2) {
        throw new AppError('auth/accessDenied', 'you may not list this');
      }
    };
    const window = await rig.open();
    const id = await window.batches.add(rig.request());
    await reaches(window, id, 'failed');
    const state = batchIn(window, id)?.state;
    assert.ok(state?.kind === 'failed' && state.error.code === 'auth/accessDenied');
    assert.deepEqual(rig.files(), filesOfMany(10));
    await window.shutdown();
    const second = await rig.open();
    const after = batchIn(second, id)?.state;
    assert.ok(after?.kind === 'failed' && after.error.code === 'auth/accessDenied');
    await second.batches.resume(id);
    await reaches(second, id, 'finished');
    assert.deepEqual(rig.files(), filesOfMany(25));
  });

  it('a batch with a relative folder or an unknown id is refused', async () => {
    const window = await rig.open();
    await assert.rejects(
      window.batches.add(rig.request({ folder: 'relative' })),
      (error) => error instanceof AppError && error.code === 'input/invalidPath',
    );
    await assert.rejects(
      window.batches.pause('nobody'),
      (error) => error instanceof AppError && error.code === 'download/notFound',
    );
  });

  it('a batch is visible in another window, which takes it over when the first window closes', async () => {
    rig.putMany(40);
    rig.hang((key) => key > 'f/009');
    const first = await rig.open();
    const id = await first.batches.add(rig.request());
    await until('ten done', () => batchIn(first, id)?.done === 10);
    const second = await rig.open();
    assert.equal(batchIn(second, id)?.state.kind, 'running');
    assert.equal(batchIn(second, id)?.done, 10);
    await first.shutdown();
    await reaches(second, id, 'interrupted');
    rig.release();
    await second.batches.resume(id);
    await reaches(second, id, 'finished');
    assert.deepEqual(rig.files(), filesOfMany(40));
    assert.ok(existsSync(join(rig.target, 'f', '039')));
  });
});
