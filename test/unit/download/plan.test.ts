import assert from 'node:assert/strict';
import fc from 'fast-check';
import { partBytes, partRange, planParts } from '../../../src/download/plan.ts';

const MiB = 1024 * 1024;

describe('planParts', () => {
  it('cuts any object into parts that follow one another from the first to the last byte', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 45 }), fc.constantFrom<'auto' | number>('auto', MiB, 3 * MiB + 1), (size, wanted) => {
        const plan = planParts(size, wanted);
        assert.ok(plan.partCount <= 10_000);
        let at = 0;
        for (let index = 0; index < plan.partCount; index += 1) {
          const { start, end } = partRange(plan, index);
          assert.ok(start === at && end > start && partBytes(plan, index) === end - start);
          at = end;
        }
        assert.equal(at, size);
      }),
      { numRuns: 30 },
    );
  });

  for (const [size, parts] of [[0, 0], [1, 1], [8 * MiB - 1, 1], [8 * MiB, 1], [8 * MiB + 1, 2], [80_000 * MiB, 10_000]] as const) {
    it(`cuts ${size} bytes into ${parts} parts of 8 MiB`, () => {
      assert.deepEqual(planParts(size, 'auto'), { sizeBytes: size, partSizeBytes: 8 * MiB, partCount: parts });
    });
  }

  it('grows the parts by whole MiB when there would be more than 10,000', () => {
    const plan = planParts(80_000 * MiB + 1, 'auto');
    assert.equal(plan.partSizeBytes, 9 * MiB);
    assert.equal(plan.partCount, 8889);
  });
});
