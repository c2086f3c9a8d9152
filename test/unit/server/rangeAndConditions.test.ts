import assert from 'node:assert/strict';
import { checkConditions, ifRangeHolds } from '../../server/objects/conditions.ts';
import { parseRange } from '../../server/objects/range.ts';

const part = (start: number, end: number): unknown => ({ kind: 'part', start, end });
const whole = { kind: 'whole' };
const unsatisfiable = { kind: 'unsatisfiable' };

describe('Range on an object of 1000 bytes', () => {
  const cases: readonly [header: string, usual: unknown, standard: unknown][] = [
    ['bytes=0-499', part(0, 500), part(0, 500)],
    ['bytes=500-', part(500, 1000), part(500, 1000)],
    ['bytes=-500', part(500, 1000), part(500, 1000)],
    ['bytes=0-999', part(0, 1000), part(0, 1000)],
    ['bytes=999-999', part(999, 1000), part(999, 1000)],
    ['bytes=0-1000', whole, part(0, 1000)],
    ['bytes=500-9999', whole, part(500, 1000)],
    ['bytes=1000-', whole, unsatisfiable],
    ['bytes=1000-2000', whole, unsatisfiable],
    ['bytes=-2000', whole, part(0, 1000)],
    ['bytes=-0', whole, unsatisfiable],
    ['bytes=5-4', whole, whole],
    ['byte=0-499', whole, whole],
    ['bytes=a-b', whole, whole],
    ['bytes=-', whole, whole],
    ['bytes=0-1,5-6', part(0, 2), part(0, 2)],
  ];
  for (const [header, usual, standard] of cases) {
    it(`Range ${header} is answered as documented, without and with the standard range behavior`, () => {
      assert.deepEqual(parseRange(header, 1000, false), usual);
      assert.deepEqual(parseRange(header, 1000, true), standard);
    });
  }

  it('bytes=0- of an empty object gives everything, or 416 in the standard way', () => {
    assert.deepEqual(parseRange('bytes=0-', 0, false), whole);
    assert.deepEqual(parseRange('bytes=0-', 0, true), unsatisfiable);
  });
});

describe('conditions', () => {
  const validators = { etag: '"ABC"', lastModifiedMs: Date.UTC(2024, 0, 2, 3, 4, 5, 678) };
  const same = 'Tue, 02 Jan 2024 03:04:05 GMT';
  const earlier = 'Tue, 02 Jan 2024 03:04:04 GMT';
  const later = 'Tue, 02 Jan 2024 03:04:06 GMT';
  const proceed = { kind: 'proceed' };
  const notModified = { kind: 'notModified' };
  const cases: readonly [headers: Record<string, string>, result: unknown][] = [
    [{}, proceed],
    [{ 'if-match': '"ABC"' }, proceed],
    [{ 'if-match': 'ABC' }, proceed],
    [{ 'if-match': '*' }, proceed],
    [{ 'if-match': '"X", "ABC"' }, proceed],
    [{ 'if-match': '"abc"' }, { kind: 'failed', condition: 'If-Match' }],
    [{ 'if-unmodified-since': same }, proceed],
    [{ 'if-unmodified-since': earlier }, { kind: 'failed', condition: 'If-Unmodified-Since' }],
    [{ 'if-none-match': '"ABC"' }, notModified],
    [{ 'if-none-match': '"X"' }, proceed],
    [{ 'if-modified-since': same }, notModified],
    [{ 'if-modified-since': later }, notModified],
    [{ 'if-modified-since': earlier }, proceed],
    [{ 'if-modified-since': 'yesterday' }, proceed],
    [{ 'if-modified-since': '2024-01-03' }, proceed],
    [{ 'if-none-match': '"X"', 'if-modified-since': later }, proceed],
    [
      { 'if-match': '"X"', 'if-none-match': '"ABC"' },
      { kind: 'failed', condition: 'If-Match' },
    ],
  ];
  for (const [headers, result] of cases) {
    it(`conditions ${JSON.stringify(headers)} give ${JSON.stringify(result)}`, () => {
      assert.deepEqual(checkConditions(headers, validators), result);
    });
  }

  it('If-Range holds only for exactly the same strong ETag or date', () => {
    assert.ok(ifRangeHolds('"ABC"', validators));
    assert.ok(ifRangeHolds(same, validators));
    for (const other of ['"abc"', 'W/"ABC"', earlier, later, 'nonsense']) {
      assert.ok(!ifRangeHolds(other, validators), other);
    }
    assert.ok(!ifRangeHolds('W/"ABC"', { ...validators, etag: 'W/"ABC"' }));
  });
});
