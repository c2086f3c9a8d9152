import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { AppError, errorCodes } from '../../../../src/base/errors.ts';
import type { ErrorCode } from '../../../../src/base/errors.ts';
import {
  decodeCheckpoint,
  encodeCheckpoint,
  encodeRecords,
  recordSeed,
} from '../../../../src/download/checkpoint/checkpoint.ts';
import type { CheckpointRecord } from '../../../../src/download/checkpoint/checkpoint.ts';
import { newHeader, storedUrl } from '../../../../src/download/checkpoint/checkpointHeader.ts';
import type { CheckpointHeader } from '../../../../src/download/checkpoint/checkpointHeader.ts';

const header: CheckpointHeader = {
  id: 'id',
  createdMs: 1,
  source: { kind: 'oss', object: { profile: 'p', bucket: 'b', key: 'ключ/文件\u0000\n' } },
  path: '/tmp/f',
  overwrite: false,
  object: {
    sizeBytes: 100,
    partSizeBytes: 10,
    coarseParts: 3,
    ranges: true,
    etag: '"e"',
    crc64: '18446744073709551615',
  },
};
const part = fc.record(
  {
    kind: fc.constant('part' as const),
    index: fc.nat({ max: 20_000 }),
    bytesDone: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
    crc64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  },
  { noNullPrototype: true },
);
const stateRecord: fc.Arbitrary<CheckpointRecord> = fc.oneof(
  fc.constant({ kind: 'started' as const }),
  fc.constant({ kind: 'committing' as const }),
  fc.record(
    {
      kind: fc.constant('stopped' as const),
      reason: fc.constantFrom('paused' as const, 'interrupted' as const),
      seal: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    },
    { noNullPrototype: true },
  ),
  fc.record(
    {
      kind: fc.constant('failed' as const),
      code: fc.constantFrom(...errorCodes),
      canResume: fc.boolean(),
      seal: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    },
    { noNullPrototype: true },
  ),
  fc.record(
    { kind: fc.constant('finished' as const), verified: fc.constantFrom('crc64' as const, 'size' as const) },
    { noNullPrototype: true },
  ),
);
const records = fc.array(fc.oneof(part, stateRecord), { maxLength: 30 });

/** The expected result of decoding these records. */
function folded(list: readonly CheckpointRecord[]): {
  parts: Map<number, CheckpointRecord>;
  state: CheckpointRecord | undefined;
} {
  const parts = new Map<number, CheckpointRecord>();
  list.forEach((record) => record.kind === 'part' && parts.set(record.index, record));
  const last = list.at(-1);
  return { parts, state: last?.kind === 'part' ? undefined : last };
}

function failsWith(code: string): (error: unknown) => boolean {
  return (error) => error instanceof AppError && error.code === code;
}

describe('checkpoint', () => {
  for (const code of errorCodes) {
    it(`a checkpoint keeps the whole error code ${code}`, () => {
      const failed: CheckpointRecord = { kind: 'failed', code, canResume: true, seal: 1n };
      assert.deepEqual(decodeCheckpoint(encodeCheckpoint(header, [failed])).state, failed);
    });
  }

  it('a checkpoint refuses an error code that is too long to store', () => {
    const code = `auth/${'x'.repeat(20)}` as ErrorCode;
    assert.throws(
      () => encodeCheckpoint(header, [{ kind: 'failed', code, canResume: true, seal: 1n }]),
      /has 25 bytes, a checkpoint record holds 24/,
    );
  });

  it('a checkpoint decodes to the records that were encoded', () => {
    fc.assert(
      fc.property(records, (list) => {
        const decoded = decodeCheckpoint(encodeCheckpoint(header, list));
        assert.deepEqual(decoded.header, header);
        assert.deepEqual({ parts: decoded.parts, state: decoded.state }, folded(list));
        assert.equal(decoded.torn, false);
      }),
    );
  });

  it('appended records continue a checkpoint', () => {
    const bytes = Buffer.concat([
      encodeCheckpoint(header, [{ kind: 'started' }]),
      encodeRecords([{ kind: 'part', index: 3, bytesDone: 10, crc64: 5n }], recordSeed(header)),
    ]);
    assert.deepEqual(
      [...decodeCheckpoint(bytes).parts.values()],
      [{ kind: 'part', index: 3, bytesDone: 10, crc64: 5n }],
    );
  });

  const sample: CheckpointRecord[] = [
    { kind: 'started' },
    { kind: 'part', index: 0, bytesDone: 10, crc64: 1n },
    { kind: 'part', index: 1, bytesDone: 5, crc64: 2n },
    { kind: 'stopped', reason: 'paused', seal: 2n ** 63n + 1n },
  ];
  const whole = encodeCheckpoint(header, sample);
  const headerBytes = encodeCheckpoint(header, []).length;

  it('a checkpoint that is cut at any byte keeps exactly its whole records', () => {
    for (let length = 0; length < whole.length; length += 1) {
      const cut = whole.subarray(0, length);
      if (length < headerBytes) {
        assert.throws(() => decodeCheckpoint(cut), failsWith('checkpoint/unreadable'), `cut at ${length}`);
        continue;
      }
      const complete = Math.floor((length - headerBytes) / 40);
      const decoded = decodeCheckpoint(cut);
      assert.deepEqual(
        { parts: decoded.parts, state: decoded.state },
        folded(sample.slice(0, complete)),
        `cut at ${length}`,
      );
      assert.equal(decoded.torn, (length - headerBytes) % 40 !== 0, `cut at ${length}`);
    }
  });

  it('a flipped byte invalidates every record from its position on', () => {
    for (let at = 0; at < whole.length; at += 1) {
      for (const bit of [0x01, 0x80]) {
        const flipped = Buffer.from(whole);
        flipped[at] = (flipped[at] ?? 0) ^ bit;
        if (at < headerBytes) {
          assert.throws(() => decodeCheckpoint(flipped), failsWith('checkpoint/unreadable'), `flipped ${at}`);
          continue;
        }
        const decoded = decodeCheckpoint(flipped);
        assert.ok(decoded.torn, `flipped ${at}`);
        assert.deepEqual(
          { parts: decoded.parts, state: decoded.state },
          folded(sample.slice(0, Math.floor((at - headerBytes) / 40))),
          `flipped ${at}`,
        );
      }
    }
  });

  it('records of another download are ignored', () => {
    const foreign = encodeRecords(sample, recordSeed({ ...header, id: 'other' }));
    const decoded = decodeCheckpoint(Buffer.concat([encodeCheckpoint(header, []), foreign]));
    assert.equal(decoded.parts.size, 0);
    assert.equal(decoded.torn, true);
  });

  it('a newer format is reported as newer, and a garbled version number as garbled', () => {
    const newer = Buffer.from(encodeCheckpoint(header, []));
    newer.writeUInt16LE(2, 8);
    assert.throws(() => decodeCheckpoint(newer), failsWith('checkpoint/unreadable'));
    newer.writeUInt32LE(crc32(newer.subarray(0, -4)), newer.length - 4);
    assert.throws(() => decodeCheckpoint(newer), failsWith('checkpoint/newerVersion'));
  });

  it('a header whose JSON this program would not write is refused', () => {
    for (const wrong of [
      { ...header, path: 7 },
      { ...header, object: { ...header.object, sizeBytes: -1 } },
      [],
      null,
    ]) {
      // The header has the wrong type on purpose
      const bytes = encodeCheckpoint(wrong as unknown as CheckpointHeader, []);
      assert.throws(() => decodeCheckpoint(bytes), failsWith('checkpoint/unreadable'));
    }
  });

  it('decoding arbitrary bytes never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        assert.throws(() => decodeCheckpoint(Buffer.from(bytes)), failsWith('checkpoint/unreadable'));
      }),
    );
  });
});

describe('checkpoint header', () => {
  it('the checkpoint header holds no query, fragment or user of a URL', () => {
    const request = {
      source: { kind: 'url', url: 'https://me:pw@host/a/../b%2f?Signature=s&x=1#f' },
      path: '/f',
      overwrite: false,
    } as const;
    assert.deepEqual(newHeader('id', 0, request).source, { kind: 'url', url: 'https://host/a/../b%2f', secret: true });
    assert.deepEqual(storedUrl('http://host/a@b'), { kind: 'url', url: 'http://host/a@b', secret: false });
  });
});
