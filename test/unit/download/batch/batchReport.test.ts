import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../../src/base/errors.ts';
import { BatchRig, batchIn, reaches, tooDeepKey } from '../../../support/batchRig.ts';
import type { RigWindow } from '../../../support/batchRig.ts';
import { until } from '../../../support/poll.ts';
import type { BatchReport } from '../../../../src/download/batchModel.ts';

describe('the report of a batch', function () {
  this.timeout(30_000);
  let rig: BatchRig;
  const refusal = new AppError('auth/accessDenied', 'no, and here is a secret', {
    details: {
      status: 403,
      ossCode: 'AccessDenied',
      requestId: '6721A',
      ec: '0003-00000001',
      subject: 'https://host/x',
    },
  });
  const rows = (window: RigWindow, id: string): readonly unknown[] =>
    window.batches
      .report(id)
      .objects.map(({ outcome, object, path, sizeBytes, failure }) => [
        outcome,
        object.key,
        path?.slice(rig.target.length + 1),
        sizeBytes,
        failure?.code,
      ]);
  const failuresOf = ({ objects }: BatchReport): readonly unknown[] =>
    objects.flatMap(({ failure }) => failure?.details ?? []);

  beforeEach(() => {
    rig = new BatchRig();
    for (const name of ['a', 'b', 'c', 'd']) {
      rig.put(`f/${name}`);
    }
  });
  afterEach(() => rig.close());

  it('the report names failed and skipped objects, and only counts finished ones', async () => {
    rig.engine.reader.fault = ({ url }) => (url.endsWith('f/c') ? { kind: 'fail', error: refusal } : undefined);
    mkdirSync(join(rig.target, 'f'), { recursive: true });
    writeFileSync(join(rig.target, 'f', 'b'), 'mine');
    const window = await rig.open();
    const id = await window.batches.add(rig.request({ conflict: 'skip' }));
    await reaches(window, id, 'finished');
    assert.deepEqual(rows(window, id), [
      ['failed', 'f/c', 'f/c', 14, 'auth/accessDenied'],
      ['kept', 'f/b', 'f/b', 14, undefined],
    ]);
    const { batch, createdMs, unlisted } = window.batches.report(id);
    assert.deepEqual([batch.done, batch.failed, batch.skipped, batch.found, unlisted], [2, 1, 1, 3, 0]);
    assert.ok(Math.abs(Date.now() - createdMs) < 60_000);
    assert.throws(
      () => window.batches.report('nobody'),
      (error) => error instanceof AppError && error.code === 'download/notFound',
    );
  });

  it('after a restart the report keeps the OSS errors, without objects that have arrived since', async () => {
    rig.engine.reader.fault = ({ url }) => (/f\/[bc]$/.test(url) ? { kind: 'fail', error: refusal } : undefined);
    const first = await rig.open();
    const id = await first.batches.add(rig.request());
    await reaches(first, id, 'finished');
    const before = first.batches.report(id);
    assert.deepEqual(failuresOf(before), [refusal.details, refusal.details]);
    await first.shutdown();
    assert.doesNotMatch(readFileSync(join(rig.engine.folder.path, 'batches', `${id}.batch`), 'utf8'), /secret/);

    const second = await rig.open();
    assert.deepEqual(failuresOf(second.batches.report(id)), failuresOf(before));
    rig.engine.reader.fault = ({ url }) =>
      url.endsWith('f/c') ? { kind: 'fail', error: new AppError('object/archived', 'frozen') } : undefined;
    await second.batches.resume(id);
    await until('one left', () => batchIn(second, id)?.state.kind === 'finished' && batchIn(second, id)?.failed === 1);
    assert.deepEqual(rows(second, id), [['failed', 'f/c', 'f/c', 14, 'object/archived']]);
  });

  it('the report names cancelled downloads and objects without a free path', async () => {
    rig.put(tooDeepKey);
    rig.engine.reader.fault = ({ url }) => (url.endsWith('f/b') ? { kind: 'hang', afterBytes: 1 } : undefined);
    const window = await rig.open();
    const id = await window.batches.add(rig.request());
    await until('all but two', () => batchIn(window, id)?.done === 3 && batchIn(window, id)?.failed === 1);
    await window.manager.cancel(window.manager.downloads.find(({ path }) => path.endsWith('b'))?.id ?? '');
    await reaches(window, id, 'finished');
    const [unplaced, cancelled] = window.batches.report(id).objects;
    assert.deepEqual(
      [unplaced?.outcome, unplaced?.object.key.length, unplaced?.failure?.code],
      ['failed', tooDeepKey.length, 'input/invalidPath'],
    );
    assert.deepEqual([cancelled?.outcome, cancelled?.object.key], ['cancelled', 'f/b']);
  });

  it('the report of a batch that runs in another window is available', async () => {
    rig.engine.reader.fault = ({ url }) =>
      url.endsWith('f/b') ? { kind: 'fail', error: refusal } : { kind: 'hang', afterBytes: 1 };
    const first = await rig.open();
    const id = await first.batches.add(rig.request());
    await until('a failure', () => batchIn(first, id)?.failed === 1);
    const second = await rig.open();
    await until('the same', () => second.batches.report(id).objects.length === 1);
    assert.deepEqual(rows(second, id), rows(first, id));
  });
});
