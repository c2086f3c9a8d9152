import assert from 'node:assert/strict';
import { byTurn } from '../../../src/base/async.ts';

describe('byTurn', () => {
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('values of one turn of the event loop are delivered together, in order', async () => {
    const handedOn: (readonly number[])[] = [];
    const say = byTurn<number>((said) => handedOn.push(said));
    say(1);
    await Promise.resolve();
    say(2);
    assert.deepEqual(handedOn, []);
    await turn();
    say(3);
    await turn();
    await turn();
    assert.deepEqual(handedOn, [[1, 2], [3]]);
  });

  it('values added during a delivery come in the next turn', async () => {
    const handedOn: (readonly string[])[] = [];
    const say = byTurn<string>((said) => {
      handedOn.push(said);
      if (handedOn.length === 1) {
        say('answer');
      }
    });
    say('question');
    await turn();
    await turn();
    assert.deepEqual(handedOn, [['question'], ['answer']]);
  });
});
