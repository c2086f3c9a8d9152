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

  it('fetches once for all who wait, and once a source', async () => {
    assert.deepEqual(await Promise.all([get(), get(), get('b'), get()]), ['k1', 'k1', 'k2', 'k1']);
    assert.equal(await get(), 'k1');
  });

  it('renews a key five minutes before its end, a short one in the last quarter of its life', async () => {
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

  it('asks again after ten minutes for a key that does not say when it ends', async () => {
    lifeMs = undefined;
    await get();
    nowMs += 10 * minute - 1;
    assert.equal(await get(), 'k1');
    nowMs += 1;
    assert.equal(await get(), 'k2');
  });

  it('uses a key on that cannot be renewed, as long as it is good, and tries again after a pause', async () => {
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

  it('forgets the key that was refused, not one that has come since', async () => {
    const first = await cache.get('a', fetch, never);
    cache.forget(first);
    assert.equal(await get(), 'k2');
    cache.forget(first);
    assert.equal(await get(), 'k2');
  });

  it('lets one who waits go at once, and still serves the others', async () => {
    const gate = deferred<Credentials>();
    const stop = new AbortController();
    const left = cache.get('a', () => gate.promise, stop.signal);
    const waiting = cache.get('a', () => gate.promise, never);
    stop.abort(new Error('gone'));
    await assert.rejects(left, /gone/);
    gate.resolve({ accessKeyId: 'late', accessKeySecret: 's' });
    assert.equal((await waiting).accessKeyId, 'late');
  });

  it('gives a failure to all who wait, and asks anew for the next', async () => {
    failure = new Error('down');
    assert.deepEqual(
      (await Promise.allSettled([get(), get()])).map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    failure = undefined;
    assert.equal(await get(), 'k2');
  });
});
