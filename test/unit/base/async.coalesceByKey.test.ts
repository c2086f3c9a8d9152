import assert from 'node:assert/strict';
import { deferred, coalesceByKey } from '../../../src/base/async.ts';
import type { Deferred } from '../../../src/base/async.ts';

describe('coalesceByKey', () => {
  let runs: { readonly key: string; readonly end: Deferred<undefined> }[];
  let share: (key: string) => Promise<void>;
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  beforeEach(() => {
    runs = [];
    share = coalesceByKey(async (key) => {
      const end = deferred<undefined>();
      runs.push({ key, end });
      await end.promise;
    });
  });

  it('simultaneous callers share one run', async () => {
    const all = [share('a'), share('a'), share('a')];
    await turn();
    assert.equal(runs.length, 1);
    runs[0]?.end.resolve(undefined);
    await Promise.all(all);
    assert.equal(runs.length, 1);
  });

  it('callers during a run share the next one', async () => {
    const first = share('a');
    await turn();
    let isDone = false;
    const later = Promise.all([share('a'), share('a')]).then(() => (isDone = true));
    await turn();
    assert.equal(runs.length, 1);
    runs[0]?.end.resolve(undefined);
    await first;
    await turn();
    assert.deepEqual([runs.length, isDone], [2, false]);
    runs[1]?.end.resolve(undefined);
    await later;
  });

  it('a failure reaches only the callers that shared the run', async () => {
    const failing = [share('a'), share('a')];
    await turn();
    const next = share('a');
    runs[0]?.end.reject(new Error('no'));
    assert.deepEqual(
      (await Promise.allSettled(failing)).map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    await turn();
    runs[1]?.end.resolve(undefined);
    await next;
  });

  it('runs with different keys are separate', async () => {
    const both = [share('a'), share('b')];
    await turn();
    assert.deepEqual(
      runs.map(({ key }) => key),
      ['a', 'b'],
    );
    runs.forEach(({ end }) => end.resolve(undefined));
    await Promise.all(both);
  });
});
