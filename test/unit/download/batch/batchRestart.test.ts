import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../../src/base/errors.ts';
import { BatchRig, batchIn, filesOfMany, keyOf, reaches } from '../../../support/batchRig.ts';
import { until } from '../../../support/poll.ts';

describe('BatchManager after a restart', function () {
  this.timeout(30_000);
  let rig: BatchRig;

  beforeEach(() => {
    rig = new BatchRig();
  });
  afterEach(() => rig.close());

  it('the count of failures survives a restart and follows a download that is retried by itself', async () => {
    rig.putMany(3);
    rig.engine.reader.fault = ({ url }) =>
      url.endsWith('1') ? { kind: 'fail', error: new AppError('auth/accessDenied', 'no') } : undefined;
    const first = await rig.open();
    const id = await first.batches.add(rig.request());
    await reaches(first, id, 'finished');
    await first.shutdown();
    rig.release();
    const second = await rig.open();
    assert.deepEqual([batchIn(second, id)?.state.kind, batchIn(second, id)?.failed], ['finished', 1]);
    await second.manager.resume(second.manager.downloads[0]?.id ?? '');
    await until('nothing failed', () => batchIn(second, id)?.failed === 0 && second.manager.downloads.length === 0);
    assert.equal(batchIn(second, id)?.done, 3);
  });

  it('a batch continues after a restart without listing or fetching finished objects again', async () => {
    rig.putMany(60);
    rig.hang((key) => key > 'f/034');
    const first = await rig.open();
    const id = await first.batches.add(rig.request());
    await until('35 done', () => batchIn(first, id)?.done === 35);
    await until('others under way', () => rig.engine.reader.requests.length === 39);
    await until('all handed over', () =>
      readFileSync(join(rig.engine.folder.path, 'batches', `${id}.batch`), 'utf8').includes('"t":"end"'),
    );
    await first.shutdown();

    rig.release();
    rig.listed.length = 0;
    const second = await rig.open();
    assert.equal(batchIn(second, id)?.state.kind, 'interrupted');
    assert.equal(batchIn(second, id)?.done, 35);
    await second.batches.resume(id);
    await reaches(second, id, 'finished');
    assert.deepEqual(rig.files(), filesOfMany(60));
    assert.deepEqual(
      rig.listed.map((from) => from?.kind),
      [],
    );
    const counts = new Map<string, number>();
    rig.engine.reader.requests.forEach(({ url }) => counts.set(url, (counts.get(url) ?? 0) + 1));
    assert.deepEqual(
      [...counts]
        .filter(([, times]) => times > 1)
        .map(([url]) => keyOf(url))
        .sort(),
      ['f/035', 'f/036', 'f/037', 'f/038'],
    );
    assert.equal(batchIn(second, id)?.done, 60);
  });

  it('the listing continues after the last object that was queued', async () => {
    rig.putMany(100);
    rig.hang((key) => key > 'f/004');
    const first = await rig.open();
    const id = await first.batches.add(rig.request());
    await until('a full window', () => first.manager.downloads.length > 32 && batchIn(first, id)?.done === 5);
    await first.shutdown();
    rig.release();
    rig.listed.length = 0;
    const second = await rig.open();
    await second.batches.resume(id);
    await reaches(second, id, 'finished');
    const [from] = rig.listed;
    assert.ok(from?.kind === 'afterKey' && from.key >= 'f/031', JSON.stringify(from));
    assert.deepEqual(rig.files(), filesOfMany(100));
  });

  it('a paused batch stays paused after a restart, with its active downloads paused', async () => {
    rig.putMany(20);
    rig.hang(() => true);
    const first = await rig.open();
    const id = await first.batches.add(rig.request());
    await until('requests', () => rig.engine.reader.requests.length >= 3);
    await first.batches.pause(id);
    assert.equal(batchIn(first, id)?.state.kind, 'paused');
    assert.ok(
      first.manager.downloads.length > 0 && first.manager.downloads.every(({ state }) => state.kind === 'paused'),
    );
    await first.shutdown();
    const second = await rig.open();
    assert.equal(batchIn(second, id)?.state.kind, 'paused');
  });
});
