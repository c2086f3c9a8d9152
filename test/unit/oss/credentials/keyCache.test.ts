import assert from 'node:assert/strict';
import { deferred } from '../../../../src/base/async.ts';
import { silentLogger } from '../../../support/silentLogger.ts';
import { KeyCache } from '../../../../src/oss/credentials/keyCache.ts';
import type { Credentials } from '../../../../src/oss/profile.ts';
import { never } from '../support/access.ts';

const minute = 60_000;

describe('KeyCache', () => {
  let nowMs: number;
  let fetched: number;
  let lifeMs: number | undefined;
  let failure: Error | undefined;
  let cache: KeyCache;
  beforeEach(() => {
    nowMs = 1_000_000_000;
    fetched = 0;
    lifeMs = 60 * minute;
    failure = undefined;
    cache = new KeyCache(silentLogger, () => nowMs);
  });
  const fetch = async (): Promise<Credentials> => {
    fetched += 1;
    const key = {
      accessKeyId: `k${fetched}`,
      accessKeySecret: 's',
      securityToken: 't',
      ...(lifeMs === undefined ? {} : { expiresAtMs: nowMs + lifeMs }),
    };
    await new Promise((resolve) => setImmediate(resolve));
    if (failure !== undefined) {
      throw failure;
    }
    return key;
  };
  const get = async (id = 'a', signal = never): Promise<string> => (await cache.get(id, fetch, signal)).accessKeyId;

  it('a key is fetched once for all waiting callers, and once per source', async () => {
    assert.deepEqual(await Promise.all([get(), get(), get('b'), get()]), ['k1', 'k1', 'k2', 'k1']);
    assert.equal(await get(), 'k1');
  });

  it('a key is renewed five minutes before its end, a short-lived one in the last quarter of its life', async () => {
    await get();
    nowMs += 55 * minute - 1;
    assert.equal(await get(), 'k1');
    nowMs += 1;
    lifeMs = 4 * minute;
    assert.equal(await get(), 'k2');
    nowMs += 3 * minute - 1;
    assert.equal(await get(), 'k2');
    nowMs += 1;
    assert.equal(await get(), 'k3');
  });

  it('a key without an expiry is fetched again after ten minutes', async () => {
    lifeMs = undefined;
    await get();
    nowMs += 10 * minute - 1;
    assert.equal(await get(), 'k1');
    nowMs += 1;
    assert.equal(await get(), 'k2');
  });

  it('a valid key that cannot be renewed stays in use, and the renewal is retried after a pause', async () => {
    await get();
    nowMs += 56 * minute;
    failure = new Error('down');
    assert.equal(await get(), 'k1');
    assert.equal(await get(), 'k1');
    assert.equal(fetched, 2);
    nowMs += minute;
    failure = undefined;
    assert.equal(await get(), 'k3');
    nowMs += 61 * minute;
    failure = new Error('down');
    await assert.rejects(get(), /down/);
  });

  it('a refused key is forgotten, but not a newer one', async () => {
    const first = await cache.get('a', fetch, never);
    cache.forget(first);
    assert.equal(await get(), 'k2');
    cache.forget(first);
    assert.equal(await get(), 'k2');
  });

  it('an aborted caller returns at once, and the others are still served', async () => {
    const gate = deferred<Credentials>();
    const stop = new AbortController();
    const left = cache.get('a', () => gate.promise, stop.signal);
    const waiting = cache.get('a', () => gate.promise, never);
    stop.abort(new Error('gone'));
    await assert.rejects(left, /gone/);
    gate.resolve({ accessKeyId: 'late', accessKeySecret: 's' });
    assert.equal((await waiting).accessKeyId, 'late');
  });

  it('a failure reaches all waiting callers, and the next caller tries again', async () => {
    failure = new Error('down');
    assert.deepEqual(
      (await Promise.allSettled([get(), get()])).map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    failure = undefined;
    assert.equal(await get(), 'k2');
  });
});
