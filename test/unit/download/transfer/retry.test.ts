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

  it('waits longer before each further attempt, and gives up after the last', async () => {
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

  it('does not repeat what cannot be cured', async () => {
    const gone = new AppError('object/notFound', 'gone');
    await assert.rejects(
      withRetries(policy(), () => Promise.reject(gone), signal),
      gone,
    );
    assert.deepEqual(waits, []);
  });

  it('waits as long as the server asks, but not for ever', async () => {
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

  it('begins to count anew when an attempt brought something', async () => {
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
    // the tenth attempt is the first of a row of four that bring next to nothing
    assert.equal(attempts, 10 + 3);
  });

  it('ends at once when it is aborted', async () => {
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
