import assert from 'node:assert/strict';
import { deferred } from '../../../../src/base/async.ts';
import type { Deferred } from '../../../../src/base/async.ts';
import { FileSync } from '../../../../src/download/files/fileSync.ts';

const mebibyte = 1024 * 1024;

describe('FileSync', () => {
  let asked: { readonly what: 'sync' | 'datasync'; readonly answer: Deferred<undefined> }[];
  let file: FileSync;
  beforeEach(() => {
    asked = [];
    const ask = (what: 'sync' | 'datasync') => (): Promise<void> => {
      const answer = deferred<undefined>();
      asked.push({ what, answer });
      return answer.promise;
    };
    file = new FileSync({ sync: ask('sync'), datasync: ask('datasync') });
  });
  const write = (mebibytes: number): void => {
    for (let written = 0; written < mebibytes; written += 1) file.onWritten(mebibyte);
  };
  const whats = (): readonly string[] => asked.map(({ what }) => what);

  it('a small file is synced only at its end', async () => {
    write(63);
    const all = file.syncAll();
    assert.deepEqual(whats(), []);
    await Promise.resolve();
    assert.deepEqual(whats(), ['sync']);
    asked[0]?.answer.resolve(undefined);
    await all;
    assert.equal(file.pending, undefined);
  });

  it('a large file is synced piece by piece, one at a time, and as a whole at its end', async () => {
    write(64);
    assert.deepEqual(whats(), ['datasync']);
    write(200);
    assert.deepEqual(whats(), ['datasync'], 'the first one is not done');
    asked[0]?.answer.resolve(undefined);
    await file.pending;
    write(1);
    assert.deepEqual(whats(), ['datasync', 'datasync']);
    let isDone = false;
    const all = file.syncAll().then(() => {
      isDone = true;
    });
    asked[1]?.answer.resolve(undefined);
    await file.pending;
    await Promise.resolve();
    assert.deepEqual([whats(), isDone], [['datasync', 'datasync', 'sync'], false]);
    asked[2]?.answer.resolve(undefined);
    await all;
  });

  it('a failed sync of a piece is reported at the end, because the system reports it only once', async () => {
    write(64);
    const failure = new Error('EIO');
    asked[0]?.answer.reject(failure);
    await file.pending;
    await assert.rejects(file.syncAll(), failure);
    assert.deepEqual(whats(), ['datasync']);
  });

  it('a failed sync at the end is reported', async () => {
    const failure = new Error('EIO');
    const all = file.syncAll();
    await Promise.resolve();
    asked[0]?.answer.reject(failure);
    await assert.rejects(all, failure);
  });

  it('waiting for a sync has a time limit, and a later failure is still reported', async () => {
    assert.equal(await file.allWithin(1), false);
    assert.ok(!file.hasFailed);
    asked[0]?.answer.reject(new Error('EIO'));
    await file.pending;
    assert.ok(file.hasFailed);
    await assert.rejects(file.allWithin(1000), /EIO/);
  });
});
