import assert from 'node:assert/strict';
import { AppError } from '../../../../src/base/errors.ts';
import { withRetries } from '../../../../src/download/transfer/retry.ts';
import type { RetryPolicy } from '../../../../src/download/transfer/retry.ts';
import { impatientClock } from '../../../support/engineRig.ts';

const cut = new AppError('network/interrupted', 'cut', { retryable: true });

describe('withRetries', () => {
  const signal = new AbortController().signal;
  let waits: number[];
  let bytes: number;
  const policy = (random = 1): RetryPolicy => ({
    clock: {
      ...impatientClock,
      delay: (ms) => {
        waits.push(ms);
        return Promise.resolve();
      },
    },
    random: () => random,
    retries: () => 3,
    progress: () => bytes,
    onRetry: () => undefined,
  });
  beforeEach(() => {
    waits = [];
    bytes = 0;
  });

  it('the delay grows with each attempt, and the last failure is final', async () => {
    let attempts = 0;
    await assert.rejects(
      withRetries(
        policy(),
        () => {
          attempts += 1;
          return Promise.reject(cut);
        },
        signal,
      ),
      cut,
    );
    assert.equal(attempts, 4);
    assert.deepEqual(waits, [500, 1000, 2000]);
  });

  it('a permanent failure is not retried', async () => {
    const gone = new AppError('object/notFound', 'gone');
    await assert.rejects(
      withRetries(policy(), () => Promise.reject(gone), signal),
      gone,
    );
    assert.deepEqual(waits, []);
  });

  it('a retry waits as long as the server asks, up to a limit', async () => {
    const asks = [3000, 86_400_000];
    await withRetries(
      policy(0),
      () => {
        const retryAfterMs = asks.shift();
        return retryAfterMs === undefined
          ? Promise.resolve()
          : Promise.reject(new AppError('server/throttled', 'slow', { retryable: true, details: { retryAfterMs } }));
      },
      signal,
    );
    assert.deepEqual(waits, [3000, 60_000]);
  });

  it('an attempt that made progress resets the count', async () => {
    let attempts = 0;
    await assert.rejects(
      withRetries(
        policy(),
        () => {
          attempts += 1;
          bytes += attempts <= 10 ? 64 * 1024 : 50;
          return Promise.reject(cut);
        },
        signal,
      ),
    );
    // the tenth attempt is the first of four in a row with almost no progress
    assert.equal(attempts, 10 + 3);
  });

  it('an abort ends the wait at once', async () => {
    const stop = new AbortController();
    const reason = new Error('stop');
    await assert.rejects(
      withRetries(
        policy(),
        () => {
          stop.abort(reason);
          return Promise.reject(cut);
        },
        stop.signal,
      ),
      reason,
    );
    assert.deepEqual(waits, []);
  });
});
