import assert from 'node:assert/strict';
import { useFakeTimers } from 'sinon';
import type { SinonFakeTimers } from 'sinon';
import { Coalescer } from '../../../../src/vscode/ui/coalesce.ts';

describe('Coalescer', () => {
  let clock: SinonFakeTimers;
  beforeEach(() => {
    clock = useFakeTimers();
  });
  afterEach(() => clock.restore());

  it('the first value is delivered at once, later ones at most four times a second, and none is lost', () => {
    const delivered: { readonly atMs: number; readonly values: readonly number[] }[] = [];
    const coalescer = new Coalescer<number>(250, (values) => delivered.push({ atMs: Date.now(), values }));
    for (let value = 0; value < 100; value += 1) {
      coalescer.add(value);
      clock.tick(10);
    }
    clock.tick(1000);
    assert.deepEqual(
      delivered.map(({ atMs }) => atMs),
      [0, 250, 500, 750, 1000],
    );
    assert.equal(new Set(delivered.flatMap(({ values }) => values)).size, 100);
  });

  it('a disposed coalescer delivers nothing', () => {
    let deliveries = 0;
    const coalescer = new Coalescer<number>(250, () => (deliveries += 1));
    coalescer.add(1);
    coalescer.add(2);
    coalescer.dispose();
    clock.tick(1000);
    assert.equal(deliveries, 1);
  });
});
