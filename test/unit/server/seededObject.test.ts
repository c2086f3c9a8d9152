import assert from 'node:assert/strict';
import fc from 'fast-check';
import { combineCrc64, crc64 } from '../../server/objects/crc64.ts';
import { expectedBytes, fillSeeded, seededCrc64 } from '../../server/objects/seededObject.ts';
import { vectors } from './support/vectors.ts';

const mebibyte = 1024 * 1024;

describe('CRC-64 of the local server', () => {
  it('the CRC-64 of the server agrees with the check value and the published texts', () => {
    assert.equal(crc64(Buffer.from('123456789')), 0x995dc9bbdf1939fan);
    for (const vector of vectors.crc64) {
      assert.equal(crc64(Buffer.from(vector.utf8)).toString(), vector.crc64);
    }
  });

  it('the CRC-64 of a text combines at every place where it can be cut', () => {
    for (const { utf8, crc64: expected } of vectors.crc64) {
      const bytes = Buffer.from(utf8);
      for (let cut = 0; cut <= bytes.length; cut++) {
        assert.equal(
          combineCrc64(crc64(bytes.subarray(0, cut)), crc64(bytes.subarray(cut)), bytes.length - cut).toString(),
          expected,
        );
      }
    }
  });

  it('the published CRC-64 pairs combine', () => {
    for (const { crc1, crc2, len2, text1, text2, expect } of vectors.crc64Combine) {
      const first = crc1 === undefined ? crc64(Buffer.from(text1!)) : BigInt(crc1);
      const second = crc2 === undefined ? crc64(Buffer.from(text2!)) : BigInt(crc2);
      assert.equal(combineCrc64(first, second, len2 ?? Buffer.byteLength(text2!)).toString(), expect);
    }
  });
});

describe('objects generated from a seed', () => {
  it('a seeded object has the same bytes at every offset, however they are read', () => {
    const whole = expectedBytes(5, 0, 2 * mebibyte + 100);
    fc.assert(
      fc.property(fc.nat(2 * mebibyte), fc.integer({ min: 0, max: 100 }), fc.nat(7), (start, length, shift) => {
        const target = Buffer.alloc(length + shift).subarray(shift);
        fillSeeded(5, start, target);
        assert.ok(target.equals(whole.subarray(start, start + length)));
      }),
    );
    assert.ok(expectedBytes(5, mebibyte - 3, 2 * mebibyte + 3).equals(whole.subarray(mebibyte - 3, 2 * mebibyte + 3)));
  });

  it('seeded bytes differ between seeds and between blocks of one seed', () => {
    assert.notDeepEqual(expectedBytes(1, 0, 64), expectedBytes(2, 0, 64));
    assert.notDeepEqual(expectedBytes(1, 0, 64), expectedBytes(1, mebibyte, mebibyte + 64));
    assert.notDeepEqual(expectedBytes(1, 0, 64), expectedBytes(1, 51_200 * mebibyte, 51_200 * mebibyte + 64));
  });

  it('a seeded object keeps its bytes when it grows', () => {
    assert.ok(
      expectedBytes(9, 0, 5000)
        .subarray(0, 1000)
        .equals(expectedBytes(9, 0, 1000)),
    );
  });

  for (const size of [0, 1, 7, 8, mebibyte - 1, mebibyte, mebibyte + 1, 3 * mebibyte + 12_345]) {
    it(`the CRC-64 of ${size} seeded bytes is known without reading them`, () => {
      assert.equal(seededCrc64(3, size), crc64(expectedBytes(3, 0, size)));
    });
  }

  it('the CRC-64 of 50 GiB combines those of its beginning and its last MiB, without generating it', () => {
    // generating them would take far longer than a test may
    const size = 50 * 1024 * mebibyte;
    const last = crc64(expectedBytes(4, size - mebibyte, size));
    assert.equal(combineCrc64(seededCrc64(4, size - mebibyte), last, mebibyte), seededCrc64(4, size));
  });
});
