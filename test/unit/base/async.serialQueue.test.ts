import assert from 'node:assert/strict';
import { deferred, SerialQueue } from '../../../src/base/async.ts';

describe('SerialQueue', () => {
  it('calls run one after another, and each returns its own result', async () => {
    const queue = new SerialQueue();
    const first = deferred<string>();
    const begun: number[] = [];
    const one = queue.run(() => {
      begun.push(1);
      return first.promise;
    });
    const two = queue.run(() => {
      begun.push(2);
      return Promise.resolve('second');
    });
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(begun, [1]);
    first.resolve('first');
    assert.deepEqual(await Promise.all([one, two]), ['first', 'second']);
  });

  it('a failed call rejects for its caller only, and the next one runs', async () => {
    const queue = new SerialQueue();
    const failed = assert.rejects(
      queue.run(() => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(await queue.run(() => Promise.resolve(2)), 2);
    await failed;
    await queue.settled();
  });

  it('the queue is settled when all earlier calls have ended', async () => {
    const queue = new SerialQueue();
    const call = deferred<undefined>();
    const ended: string[] = [];
    void queue.run(() => call.promise).then(() => ended.push('call'));
    const settled = queue.settled().then(() => ended.push('settled'));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(ended, []);
    call.resolve(undefined);
    await settled;
    assert.deepEqual(ended, ['call', 'settled']);
  });
});
