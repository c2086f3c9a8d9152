import assert from 'node:assert/strict';
import fc from 'fast-check';
import { partAt, partBytes, partRange, planOf, planParts } from '../../../../src/download/transfer/plan.ts';

const MiB = 1024 * 1024;

describe('planParts', () => {
  it('any object is split into contiguous parts from its first to its last byte', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 45 }),
        fc.constantFrom<'auto' | number>('auto', MiB, 3 * MiB + 1),
        fc.constantFrom(0, 8 * MiB, Infinity),
        (size, wanted, asked) => {
          const plan = planParts(size, wanted, asked);
          assert.ok(plan.partCount <= 10_000);
          let at = 0;
          for (let index = 0; index < plan.partCount; index += 1) {
            const { start, end } = partRange(plan, index);
            assert.ok(start === at && end > start && partBytes(plan, index) === end - start);
            assert.ok(partAt(plan, start) === index && partAt(plan, end - 1) === index);
            at = end;
          }
          assert.equal(at, size);
          assert.deepEqual(planOf(size, plan.partSizeBytes, plan.coarseParts), plan, 'a checkpoint brings it back');
        },
      ),
      { numRuns: 30 },
    );
  });

  const sizesOf = (size: number, wanted: 'auto' | number, asked?: number): number[] => {
    const plan = planParts(size, wanted, asked);
    return Array.from({ length: plan.partCount }, (_, index) => partBytes(plan, index) / MiB);
  };
  const all = (count: number, size: number): number[] => Array.from({ length: count }, () => size);

  it('an object of up to 8 MiB stays whole', () => {
    assert.deepEqual(
      [0, MiB, 8 * MiB].map((size) => sizesOf(size, 'auto')),
      [[], [1], [8]],
    );
  });

  it('the last eight parts are split in four, so that all connections end together', () => {
    assert.deepEqual(sizesOf(9 * MiB, 'auto'), [2, 2, 2, 2, 1]);
    assert.deepEqual(sizesOf(64 * MiB, 'auto'), all(32, 2));
    assert.deepEqual(sizesOf(90 * MiB, 'auto'), [...all(4, 8), ...all(29, 2)]);
  });

  it('the plan begins with a whole part if that was already requested', () => {
    assert.deepEqual(sizesOf(13 * MiB, 'auto', 8 * MiB), [8, 2, 2, 1]);
    assert.deepEqual(sizesOf(90 * MiB, 'auto', 8 * MiB), sizesOf(90 * MiB, 'auto'));
  });

  it('the part size of the user is used', () => {
    assert.deepEqual(sizesOf(13 * MiB, 4 * MiB), [4, 4, 4, 1]);
  });

  it('parts grow by whole MiB where there would be more than 10,000', () => {
    const most = (10_000 - 32) * 8 * MiB;
    assert.deepEqual(
      [planParts(most, 'auto').partSizeBytes, planParts(most + 1, 'auto').partSizeBytes],
      [8 * MiB, 9 * MiB],
    );
    assert.deepEqual(planParts(10_000 * MiB, MiB), {
      sizeBytes: 10_000 * MiB,
      partSizeBytes: MiB,
      coarseParts: 10_000,
      partCount: 10_000,
    });
    assert.equal(planParts(10_000 * MiB + 1, MiB).partSizeBytes, 2 * MiB);
  });
});
