import assert from 'node:assert/strict';
import { batchPerTick } from '../../../src/base/async.ts';

describe('batchPerTick', () => {
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('values of one turn of the event loop are delivered together, in order', async () => {
    const delivered: (readonly number[])[] = [];
    const add = batchPerTick<number>((items) => delivered.push(items));
    add(1);
    await Promise.resolve();
    add(2);
    assert.deepEqual(delivered, []);
    await turn();
    add(3);
    await turn();
    await turn();
    assert.deepEqual(delivered, [[1, 2], [3]]);
  });

  it('values added during a delivery come in the next turn', async () => {
    const delivered: (readonly string[])[] = [];
    const add = batchPerTick<string>((items) => {
      delivered.push(items);
      if (delivered.length === 1) {
        add('answer');
      }
    });
    add('question');
    await turn();
    await turn();
    assert.deepEqual(delivered, [['question'], ['answer']]);
  });
});
