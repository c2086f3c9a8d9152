import assert from 'node:assert/strict';
import { deferred, Lazy, SingleFlight } from '../../../src/base/async.ts';

describe('SingleFlight', () => {
  it('shares one run among the callers of a key, and starts another one after its end', async () => {
    const flights = new SingleFlight<number>();
    const end = deferred<number>();
    let runs = 0;
    const start = (): Promise<number> => {
      runs += 1;
      return end.promise;
    };
    const both = Promise.all([flights.run(start, 'a'), flights.run(start, 'a')]);
    assert.deepEqual([flights.isRunning('a'), flights.isRunning('b')], [true, false]);
    const other = flights.run(() => Promise.resolve(7), 'b');
    end.resolve(1);
    assert.deepEqual([await both, await other, runs], [[1, 1], 7, 1]);
    assert.equal(flights.isRunning('a'), false);
    assert.deepEqual([await flights.run(start, 'a'), runs], [1, 2]);
  });

  it('rejects for all callers of a failed run, and starts another one after it', async () => {
    const flights = new SingleFlight<string>();
    const failing = [1, 2].map(() => flights.run(() => Promise.reject(new Error('no'))));
    await Promise.all(failing.map((each) => assert.rejects(each, /no/)));
    assert.equal(await flights.run(() => Promise.resolve('yes')), 'yes');
  });
});

describe('Lazy', () => {
  it('makes its value with the first call, and keeps it until it is reset', async () => {
    let made = 0;
    const lazy = new Lazy(() => Promise.resolve((made += 1)));
    assert.deepEqual([lazy.current], [undefined]);
    assert.deepEqual(await Promise.all([lazy.get(), lazy.get()]), [1, 1]);
    assert.equal(await lazy.current, 1);
    lazy.reset();
    assert.deepEqual([lazy.current, await lazy.get()], [undefined, 2]);
  });

  it('tries again with the call after a failure', async () => {
    const attempts: (() => Promise<string>)[] = [() => Promise.reject(new Error('no')), () => Promise.resolve('yes')];
    const lazy = new Lazy(() => attempts.shift()?.() ?? Promise.reject(new Error('too many')));
    await assert.rejects(lazy.get(), /no/);
    assert.equal(lazy.current, undefined);
    assert.equal(await lazy.get(), 'yes');
  });

  it('keeps the value that was made after a reset when the one before it fails', async () => {
    const first = deferred<string>();
    const values = [first.promise, Promise.resolve('second')];
    const lazy = new Lazy(() => values.shift() ?? Promise.reject(new Error('too many')));
    const failing = assert.rejects(lazy.get(), /no/);
    lazy.reset();
    assert.equal(await lazy.get(), 'second');
    first.reject(new Error('no'));
    await failing;
    assert.equal(await lazy.get(), 'second');
  });
});
