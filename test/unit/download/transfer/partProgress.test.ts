import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeCheckpoint, encodeCheckpoint } from '../../../../src/download/checkpoint/checkpoint.ts';
import type { PartRecord } from '../../../../src/download/checkpoint/checkpoint.ts';
import { newHeader } from '../../../../src/download/checkpoint/checkpointHeader.ts';
import { createCrc64 } from '../../../../src/download/transfer/crc64.ts';
import { PartProgress } from '../../../../src/download/transfer/partProgress.ts';
import { partRange, planOf } from '../../../../src/download/transfer/plan.ts';

const crc64 = createCrc64();
const header = newHeader('id', 0, { source: { kind: 'url', url: 'http://h/f' }, path: '/f', overwrite: false });

describe('PartProgress', () => {
  it('the CRC-64 of the whole is right in whatever order the parts finish', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 2000 }),
        fc.integer({ min: 1, max: 300 }),
        fc.nat({ max: 5 }),
        fc.infiniteStream(fc.nat()),
        (bytes, partSize, coarseParts, order) => {
          const ledger = new PartProgress(planOf(bytes.length, partSize, coarseParts));
          const left = Array.from({ length: ledger.plan.partCount }, (_, index) => index);
          while (left.length > 0) {
            assert.ok(!ledger.complete);
            const [index = 0] = left.splice((order.next().value as number) % left.length, 1); // the stream never ends
            const { start, end } = partRange(ledger.plan, index);
            ledger.set(index, end - start, crc64.of(bytes.subarray(start, end)));
          }
          assert.ok(ledger.complete);
          assert.equal(ledger.bytesDone, bytes.length);
          assert.equal(ledger.wholeCrc(), crc64.of(bytes));
        },
      ),
    );
  });

  it('only checkpoint records that fit the plan are accepted', () => {
    const records: PartRecord[] = [
      { kind: 'part', index: 0, bytesDone: 10, crc64: 1n },
      { kind: 'part', index: 9, bytesDone: 6, crc64: 2n },
      { kind: 'part', index: 1, bytesDone: 11, crc64: 3n },
      { kind: 'part', index: 10, bytesDone: 1, crc64: 4n },
    ];
    const ledger = PartProgress.from(planOf(95, 10), decodeCheckpoint(encodeCheckpoint(header, records)));
    assert.deepEqual(ledger.claims(), [{ kind: 'part', index: 0, bytesDone: 10, crc64: 1n }]);
  });

  it('a cleared part counts as missing again', () => {
    const ledger = new PartProgress(planOf(20, 10));
    ledger.set(0, 10, 1n);
    ledger.set(1, 10, 2n);
    ledger.clear(0);
    assert.equal(ledger.bytesDone, 10);
    assert.ok(ledger.isComplete(1) && !ledger.isComplete(0) && !ledger.complete);
    assert.deepEqual(ledger.firstMissing(), { start: 0, end: 10 });
  });

  it('an empty object is complete from the start', () => {
    const ledger = new PartProgress(planOf(0, 10));
    assert.ok(ledger.complete);
    assert.equal(ledger.wholeCrc(), 0n);
  });

  it('the received bytes are the whole object if its size was unknown', () => {
    const ledger = PartProgress.openEnded();
    ledger.set(0, 123, 5n);
    assert.ok(!ledger.complete);
    ledger.endHere();
    assert.ok(ledger.complete);
    assert.equal(ledger.wholeCrc(), 5n);
  });
});
