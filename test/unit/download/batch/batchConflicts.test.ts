import assert from 'node:assert/strict';
import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../../../../src/base/abort.ts';
import { AppError } from '../../../../src/base/errors.ts';
import { BatchRig, batchIn, filesOfMany, keyOf, reaches } from '../../../support/batchRig.ts';
import { objectRef } from '../../../support/engineRig.ts';
import { until } from '../../../support/poll.ts';

describe('conflict and archive settings of a batch', function () {
  this.timeout(30_000);
  let rig: BatchRig;

  beforeEach(() => {
    rig = new BatchRig();
  });
  afterEach(() => rig.close());

  describe('existing files', () => {
    beforeEach(() => {
      rig.putMany(4);
      mkdirSync(join(rig.target, 'f'), { recursive: true });
      for (const name of ['000', '002', '003']) {
        writeFileSync(join(rig.target, 'f', name), 'mine');
      }
    });

    it('the batch asks about each existing file and follows the answer', async () => {
      const choices = ['skip', 'overwrite', 'rename'] as const;
      rig.conflict = () => ({ choice: choices[rig.conflicts.length - 1] ?? 'skip', forAll: false });
      const window = await rig.open();
      const id = await window.batches.add(rig.request());
      await reaches(window, id, 'finished');
      assert.deepEqual(rig.files(), {
        'f/000': 'mine',
        'f/001': 'content of f/001',
        'f/002': 'content of f/002',
        'f/003': 'mine',
        'f/003 (1)': 'content of f/003',
      });
      assert.deepEqual(
        rig.conflicts.map((path) => path.slice(-3)),
        ['000', '002', '003'],
      );
      assert.equal(batchIn(window, id)?.skipped, 1);
    });

    it('under the "overwriteIfChanged" rule, a file of the same length stays unless the object is newer', async () => {
      const objectMs = Date.UTC(2026, 10, 22, 6);
      const sameLength = 'CONTENT OF f/000';
      writeFileSync(join(rig.target, 'f', '000'), sameLength);
      utimesSync(join(rig.target, 'f', '000'), objectMs / 1000, objectMs / 1000);
      writeFileSync(join(rig.target, 'f', '002'), sameLength);
      utimesSync(join(rig.target, 'f', '002'), objectMs / 1000, objectMs / 1000 - 60);
      const window = await rig.open();
      const id = await window.batches.add(rig.request({ conflict: 'overwriteIfChanged', preserveModified: true }));
      await reaches(window, id, 'finished');
      assert.deepEqual(rig.files(), { ...filesOfMany(4), 'f/000': sameLength });
      assert.deepEqual([batchIn(window, id)?.done, batchIn(window, id)?.skipped, rig.conflicts], [3, 1, []]);
      assert.equal(statSync(join(rig.target, 'f', '001')).mtimeMs, objectMs);

      rig.engine.reader.requests.length = 0;
      const again = await window.batches.add(rig.request({ conflict: 'overwriteIfChanged' }));
      await reaches(window, again, 'finished');
      assert.deepEqual([batchIn(window, again)?.skipped, rig.engine.reader.requests.length], [4, 0]);
    });

    it('an answer given for all files is asked once and remembered across a restart', async () => {
      rig.conflict = () => ({ choice: 'overwrite', forAll: true });
      rig.hang((key) => key === 'f/001');
      rig.pageSize = 2;
      rig.beforePage = (signal) =>
        rig.listed.length === 2
          ? new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(reasonOf(signal))))
          : undefined;
      const first = await rig.open();
      const id = await first.batches.add(rig.request());
      await until('the second page', () => rig.listed.length === 2 && batchIn(first, id)?.done === 1);
      await first.shutdown();
      rig.release();
      const second = await rig.open();
      await second.batches.resume(id);
      await reaches(second, id, 'finished');
      assert.deepEqual(rig.files(), filesOfMany(4));
      assert.equal(rig.conflicts.length, 1);
    });
  });

  it('invalid names follow the name setting: replaced names stay apart, refused ones count as failed', async () => {
    for (const key of ['a:b', 'a?b', 'plain']) {
      rig.put(key);
    }
    const window = await rig.open();
    const replaced = await window.batches.add(rig.request({ invalidNames: 'replace' }));
    await reaches(window, replaced, 'finished');
    assert.deepEqual(rig.files(), { a_b: 'content of a:b', '%61%3F%62': 'content of a?b', plain: 'content of plain' });
    const refused = await window.batches.add(rig.request({ invalidNames: 'fail', conflict: 'skip' }));
    await reaches(window, refused, 'finished');
    assert.deepEqual([batchIn(window, refused)?.failed, batchIn(window, refused)?.skipped], [2, 1]);
  });

  describe('archived objects', () => {
    const refuse = (): void => {
      rig.engine.reader.fault = ({ url }) =>
        rig.archived.has(keyOf(url)) ? { kind: 'fail', error: new AppError('object/archived', 'frozen') } : undefined;
    };
    beforeEach(() => {
      rig.putMany(30);
      ['f/000', 'f/014', 'f/029'].forEach((key) => rig.archived.add(key));
      rig.put('f/marker/', '');
      rig.archived.add('f/marker/');
      refuse();
    });

    it('archived objects are skipped on request, counted, and still skipped after a restart', async () => {
      rig.beforePage = (signal) =>
        rig.listed.length === 3
          ? new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(reasonOf(signal))))
          : undefined;
      const first = await rig.open();
      const id = await first.batches.add(rig.request({ leaveOutArchived: true }));
      await until('two pages', () => batchIn(first, id)?.done === 18);
      assert.equal(batchIn(first, id)?.archived, 2);
      await first.shutdown();
      const second = await rig.open();
      assert.equal(batchIn(second, id)?.archived, 2);
      await second.batches.resume(id);
      await reaches(second, id, 'finished');
      const { done, failed, found, skipped, archived } = batchIn(second, id) ?? {};
      assert.deepEqual(
        { done, failed, found, skipped, archived },
        { done: 27, failed: 0, found: 27, skipped: 0, archived: 3 },
      );
      assert.deepEqual(
        Object.keys(rig.files()),
        Object.keys(filesOfMany(30)).filter((key) => !rig.archived.has(key)),
      );
      assert.ok(statSync(join(rig.target, 'f', 'marker')).isDirectory());
      assert.ok(rig.engine.reader.requests.every(({ url }) => !rig.archived.has(keyOf(url))));
      const { objects, unlisted } = second.batches.report(id);
      assert.deepEqual(
        [objects.map(({ outcome, object }) => [outcome, object.key]), unlisted],
        [['f/000', 'f/014', 'f/029'].map((key) => ['archived', key]), 0],
      );
    });

    it('an archived object fails with that reason while the other downloads continue', async () => {
      const window = await rig.open();
      const id = await window.batches.add(rig.request());
      await reaches(window, id, 'finished');
      const { done, failed, archived } = batchIn(window, id) ?? {};
      assert.deepEqual({ done, failed, archived }, { done: 27, failed: 3, archived: 0 });
      assert.deepEqual(
        window.manager.downloads.map(({ state }) => state.kind === 'failed' && state.error.code),
        ['object/archived', 'object/archived', 'object/archived'],
      );
    });

    it('an archived object that was selected by itself is skipped too', async () => {
      const window = await rig.open();
      const id = await window.batches.add(
        rig.request({
          leaveOutArchived: true,
          sources: [
            { kind: 'object', ref: objectRef('f/000'), isArchived: true, into: ['000'] },
            { kind: 'object', ref: objectRef('f/001'), into: ['001'] },
          ],
        }),
      );
      await reaches(window, id, 'finished');
      assert.deepEqual([Object.keys(rig.files()), batchIn(window, id)?.archived], [['001'], 1]);
    });
  });
});
