import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createCRC64 } from 'hash-wasm';
import { combineCrc64, createCrc64 } from '../../../../src/download/transfer/crc64.ts';
import vectors from '../../../data/oss-vectors.json' with { type: 'json' };

const crc64 = createCrc64();
const ofText = (text: string): bigint => crc64.of(Buffer.from(text));

describe('crc64', () => {
  it('CRC-64 has the check value of CRC-64/XZ', () => {
    assert.equal(ofText('123456789').toString(16), '995dc9bbdf1939fa');
  });

  for (const { utf8, crc64: expected, source } of vectors.crc64) {
    it(`CRC-64 of ${JSON.stringify(utf8.slice(0, 20))} is the published value (${source})`, () => {
      assert.equal(ofText(utf8).toString(), expected);
    });
  }

  it('CRC-64 agrees with another implementation for any length', async () => {
    const other = await createCRC64('c96c5795d7870f42');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200_000), (pattern, length) => {
        const bytes = Buffer.alloc(length, Buffer.concat([Buffer.of(1), pattern]));
        assert.equal(crc64.of(bytes).toString(16).padStart(16, '0'), other.init().update(bytes).digest('hex'));
      }),
    );
  });

  it('the published CRC-64 vectors combine', () => {
    for (const vector of vectors.crc64Combine) {
      const [a, b, length] =
        vector.text1 === undefined
          ? [BigInt(vector.crc1), BigInt(vector.crc2), vector.len2]
          : [ofText(vector.text1), ofText(vector.text2), vector.text2.length];
      assert.equal(combineCrc64(a, b, length).toString(), vector.expect);
    }
  });

  it('the CRC-64 of two pieces, cut anywhere, combine to that of the whole', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), fc.nat(), (bytes, cut) => {
        const at = bytes.length === 0 ? 0 : cut % (bytes.length + 1);
        const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
        assert.equal(combineCrc64(crc64.of(head), crc64.of(tail), tail.length), crc64.of(bytes));
        assert.equal(crc64.extend(crc64.of(head), tail), crc64.of(bytes));
      }),
    );
  });

  it('CRC-64 values combine over lengths beyond 4 GiB as if added piece by piece', () => {
    const zeros = crc64.of(new Uint8Array(1 << 20));
    let doubled = zeros;
    for (let length = 1 << 20; length < 2 ** 33; length *= 2) {
      doubled = combineCrc64(doubled, doubled, length);
    }
    const start = ofText('start');
    assert.equal(
      combineCrc64(combineCrc64(start, doubled, 2 ** 33), zeros, 1 << 20),
      combineCrc64(start, combineCrc64(doubled, zeros, 1 << 20), 2 ** 33 + (1 << 20)),
    );
  });
});
