import assert from 'node:assert/strict';
import { deferred, Turns } from '../../../src/base/async.ts';

describe('Turns', () => {
  it('calls run one after another, and each returns its own result', async () => {
    const turns = new Turns();
    const first = deferred<string>();
    const begun: number[] = [];
    const one = turns.run(() => {
      begun.push(1);
      return first.promise;
    });
    const two = turns.run(() => {
      begun.push(2);
      return Promise.resolve('second');
    });
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(begun, [1]);
    first.resolve('first');
    assert.deepEqual(await Promise.all([one, two]), ['first', 'second']);
  });

  it('a failed call rejects for its caller only, and the next one runs', async () => {
    const turns = new Turns();
    const failed = assert.rejects(
      turns.run(() => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(await turns.run(() => Promise.resolve(2)), 2);
    await failed;
    await turns.settled();
  });

  it('the queue is settled when all earlier calls have ended', async () => {
    const turns = new Turns();
    const call = deferred<undefined>();
    const ended: string[] = [];
    void turns.run(() => call.promise).then(() => ended.push('call'));
    const settled = turns.settled().then(() => ended.push('settled'));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(ended, []);
    call.resolve(undefined);
    await settled;
    assert.deepEqual(ended, ['call', 'settled']);
  });
});
