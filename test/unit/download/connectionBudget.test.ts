import assert from 'node:assert/strict';
import type { Disposable } from '../../../src/base/disposable.ts';
import { ConnectionBudget } from '../../../src/download/connectionBudget.ts';
import { impatientClock } from '../../support/engineRig.ts';

const signal = new AbortController().signal;

describe('ConnectionBudget', () => {
  let nowMs = 0;
  const budgetOf = (ceiling: number): ConnectionBudget => new ConnectionBudget(ceiling, { ...impatientClock, steadyMs: () => nowMs });
  /** Keeps asking for as many turns as there are, and lets one second pass at the given rate. */
  const second = async (budget: ConnectionBudget, bytes: number): Promise<void> => {
    nowMs += 1000;
    budget.received(bytes);
    await Promise.resolve();
  };
  const crowd = (budget: ConnectionBudget): void => {
    for (let index = 0; index < 64; index += 1) {
      void budget.acquire(signal);
    }
  };

  it('begins with four, or with fewer where the ceiling is lower', () => {
    assert.equal(budgetOf(16).connections, 4);
    assert.equal(budgetOf(2).connections, 2);
  });

  it('serves waiting requests in order as turns are given back', async () => {
    const budget = budgetOf(1);
    const order: number[] = [];
    const first = await budget.acquire(signal);
    const waiting = [1, 2].map(async (number) => {
      const turn = await budget.acquire(signal);
      order.push(number);
      turn.dispose();
    });
    assert.deepEqual(order, []);
    first.dispose();
    await Promise.all(waiting);
    assert.deepEqual(order, [1, 2]);
  });

  it('does not count a turn that is given back twice', async () => {
    const budget = budgetOf(1);
    const turn: Disposable = await budget.acquire(signal);
    turn.dispose();
    turn.dispose();
    await budget.acquire(signal);
    const third = budget.acquire(AbortSignal.timeout(20));
    await assert.rejects(third);
  });

  it('forgets who gave up waiting', async () => {
    const budget = budgetOf(1);
    const turn = await budget.acquire(signal);
    const impatient = new AbortController();
    const waiting = budget.acquire(impatient.signal);
    impatient.abort(new Error('enough'));
    await assert.rejects(waiting, /enough/u);
    turn.dispose();
    await budget.acquire(signal);
  });

  it('takes more connections as long as each step brings ten percent, up to the ceiling', async () => {
    const budget = budgetOf(9);
    crowd(budget);
    const seen: number[] = [];
    for (const rate of [100, 120, 150, 190, 240]) {
      await second(budget, rate);
      seen.push(budget.connections);
    }
    assert.deepEqual(seen, [6, 8, 9, 9, 9]);
  });

  it('takes a step back that brought less, and tries again much later', async () => {
    const budget = budgetOf(16);
    crowd(budget);
    await second(budget, 100);
    assert.equal(budget.connections, 6);
    await second(budget, 105);
    assert.equal(budget.connections, 4);
    for (let seconds = 0; seconds < 14; seconds += 1) {
      await second(budget, 105);
      assert.equal(budget.connections, 4);
    }
    await second(budget, 105);
    assert.equal(budget.connections, 6);
  });

  it('does not grow while nobody waits for a turn', async () => {
    const budget = budgetOf(16);
    await budget.acquire(signal);
    await second(budget, 100);
    await second(budget, 200);
    assert.equal(budget.connections, 4);
  });

  it('halves on throttling, once for one incident, and never below one', () => {
    const budget = budgetOf(16);
    nowMs += 100_000;
    budget.slowDown();
    budget.slowDown();
    assert.equal(budget.connections, 2);
    nowMs += 2000;
    budget.slowDown();
    nowMs += 2000;
    budget.slowDown();
    assert.equal(budget.connections, 1);
  });

  it('follows a ceiling that is lowered or raised while it works', () => {
    const budget = budgetOf(16);
    budget.setCeiling(3);
    assert.equal(budget.connections, 3);
  });
});
