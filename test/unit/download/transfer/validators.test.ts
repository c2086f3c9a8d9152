import assert from 'node:assert/strict';
import { AppError } from '../../../../src/base/errors.ts';
import { learnValidator, requireProof, requireSameObject } from '../../../../src/download/transfer/validators.ts';
import type { ObjectFacts } from '../../../../src/download/transfer/validators.ts';

const [older, newer] = ['Sun, 22 Nov 2026 06:00:00 GMT', 'Sun, 22 Nov 2026 06:00:01 GMT'];

describe('learnValidator', () => {
  const cases = [
    ['OSS', 'oss', { etag: '"e"', lastModified: older }, { kind: 'ifMatch', etag: '"e"' }],
    ['a pasted URL that leads to OSS', 'url', { etag: '"e"', crc64: '1' }, { kind: 'ifMatch', etag: '"e"' }],
    ['a strong ETag', 'url', { etag: '"e"', lastModified: older, date: newer }, { kind: 'ifRange', value: '"e"' }],
    ['a settled date and no ETag', 'url', { lastModified: older, date: newer }, { kind: 'ifRange', value: older }],
    [
      'a settled date and a weak ETag',
      'url',
      { etag: 'W/"e"', lastModified: older, date: newer },
      { kind: 'ifUnmodifiedSince', date: older },
    ],
    ['a date of this very second', 'url', { lastModified: older, date: older }, undefined],
    ["a date without the server's own", 'url', { lastModified: older }, undefined],
    ['a weak ETag alone', 'url', { etag: 'W/"e"' }, undefined],
    ['nothing', 'url', {}, undefined],
  ] as const;
  for (const [what, source, answered, expected] of cases) {
    it(`the validator is ${expected?.kind ?? 'none'} for ${what}`, () => {
      assert.deepEqual(learnValidator(source, answered), expected);
    });
  }
});

describe('requireSameObject', () => {
  const changed = (expected: ObjectFacts, answered: ObjectFacts): boolean => {
    try {
      requireSameObject(expected, answered);
      return false;
    } catch (error) {
      assert.ok(error instanceof AppError && error.code === 'object/changed');
      return true;
    }
  };

  it('a difference in any fact is detected', () => {
    for (const [expected, answered] of [
      [{ sizeBytes: 1 }, { sizeBytes: 2 }],
      [{ etag: '"a"' }, { etag: '"b"' }],
      [{ etag: '"a"' }, { etag: 'W/"a"' }],
      [
        { etag: '"a"', crc64: '1' },
        { etag: '"a"', crc64: '2' },
      ],
      [
        { etag: 'W/"a"', lastModified: older },
        { etag: 'W/"a"', lastModified: newer },
      ],
      [{ lastModified: older }, { lastModified: newer }],
      [{ versionId: 'a' }, { versionId: 'b' }],
    ]) {
      assert.ok(changed(expected!, answered!), JSON.stringify([expected, answered]));
    }
  });

  it('a strong ETag outweighs the date, and missing facts are not differences', () => {
    assert.ok(!changed({ etag: '"a"', lastModified: older }, { etag: '"a"', lastModified: newer }));
    assert.ok(!changed({ etag: '"a"', sizeBytes: 1, crc64: '1' }, {}));
  });
});

describe('requireProof', () => {
  it('requires the ETag that was requested, but not the date', () => {
    for (const validator of [
      { kind: 'ifMatch', etag: '"e"' },
      { kind: 'ifRange', value: '"e"' },
    ] as const) {
      assert.throws(
        () => requireProof(validator, {}),
        (error) => error instanceof AppError && error.retryable,
      );
      requireProof(validator, { etag: '"e"' });
    }
    requireProof({ kind: 'ifRange', value: older }, {});
    requireProof(undefined, {});
  });
});
