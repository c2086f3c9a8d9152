import assert from 'node:assert/strict';
import { backoffMs } from '../../../src/base/backoff.ts';
import { formatBytes, formatCount, formatDuration, formatPercent, formatRate } from '../../../src/base/format.ts';

describe('format', () => {
  it('sizes have at most three digits and a matching unit', () => {
    const sizes = [
      0,
      1,
      1023,
      1024,
      1536,
      1024 ** 2 - 1,
      12.34 * 1024 ** 2,
      120 * 1024 ** 3,
      500 * 1024 ** 3,
      3 * 1024 ** 4,
    ];
    assert.deepEqual(sizes.map(formatBytes), [
      '0 B',
      '1 B',
      '1023 B',
      '1 KB',
      '1.5 KB',
      '1 MB',
      '12.3 MB',
      '120 GB',
      '500 GB',
      '3 TB',
    ]);
  });

  it('the digits of a count are grouped', () => {
    assert.deepEqual([0, 999, 2500, 1_000_000].map(formatCount), ['0', '999', '2,500', '1,000,000']);
  });

  it('a rate is shown as bytes a second', () => {
    assert.equal(formatRate(12_900_000), '12.3 MB/s');
  });

  it('the remaining time is rounded up, so that it never reaches zero early', () => {
    assert.deepEqual([0, 1, 7000, 754_000, 11_109_000, 400 * 3_600_000].map(formatDuration), [
      '0:00',
      '0:01',
      '0:07',
      '12:34',
      '3:05:09',
      '>99 h',
    ]);
  });

  it('100% is shown only for the last byte', () => {
    assert.equal(formatPercent(999_999, 1_000_000), '99%');
    assert.equal(formatPercent(1_000_000, 1_000_000), '100%');
    assert.equal(formatPercent(0, 0), '100%');
  });
});

describe('backoff', () => {
  const options = { firstMs: 200, maxMs: 10_000 };

  it('the ceiling of the backoff doubles with each attempt up to the limit', () => {
    const ceilings = [1, 2, 3, 4, 20].map((attempt) => backoffMs(attempt, options, () => 1));
    assert.deepEqual(ceilings, [200, 400, 800, 1600, 10_000]);
  });

  it('the backoff uses the whole range from zero, so that clients do not return together', () => {
    assert.equal(
      backoffMs(3, options, () => 0),
      0,
    );
    assert.equal(
      backoffMs(3, options, () => 0.5),
      400,
    );
  });

  it('the backoff never returns before the time the server asked for', () => {
    assert.equal(
      backoffMs(1, options, () => 0.5, 3000),
      3000,
    );
  });
});
