import assert from 'node:assert/strict';
import { backoffMs } from '../../../src/base/backoff.ts';
import { formatBytes, formatCount, formatDuration, formatPercent, formatRate } from '../../../src/base/format.ts';

describe('format', () => {
  it('prints sizes with at most three digits and the unit that fits', () => {
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

  it('groups the digits of a count', () => {
    assert.deepEqual([0, 999, 2500, 1_000_000].map(formatCount), ['0', '999', '2,500', '1,000,000']);
  });

  it('prints a rate as bytes a second', () => {
    assert.equal(formatRate(12_900_000), '12.3 MB/s');
  });

  it('rounds what is left up, so that it never says zero too early', () => {
    assert.deepEqual([0, 1, 7000, 754_000, 11_109_000, 400 * 3_600_000].map(formatDuration), [
      '0:00',
      '0:01',
      '0:07',
      '12:34',
      '3:05:09',
      '>99 h',
    ]);
  });

  it('says 100% only when every byte is there', () => {
    assert.equal(formatPercent(999_999, 1_000_000), '99%');
    assert.equal(formatPercent(1_000_000, 1_000_000), '100%');
    assert.equal(formatPercent(0, 0), '100%');
  });
});

describe('backoff', () => {
  const options = { firstMs: 200, maxMs: 10_000 };

  it('doubles its ceiling with each attempt and stops at the limit', () => {
    const ceilings = [1, 2, 3, 4, 20].map((attempt) => backoffMs(attempt, options, () => 1));
    assert.deepEqual(ceilings, [200, 400, 800, 1600, 10_000]);
  });

  it('uses the whole range from zero, so that clients do not come back together', () => {
    assert.equal(
      backoffMs(3, options, () => 0),
      0,
    );
    assert.equal(
      backoffMs(3, options, () => 0.5),
      400,
    );
  });

  it('never comes back before the server asked it to', () => {
    assert.equal(
      backoffMs(1, options, () => 0.5, 3000),
      3000,
    );
  });
});
