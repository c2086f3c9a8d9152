import assert from 'node:assert/strict';
import type { Disposable } from '../../../../src/base/disposable.ts';
import { ConnectionBudget } from '../../../../src/download/transfer/connectionBudget.ts';
import { impatientClock } from '../../../support/engineRig.ts';

const signal = new AbortController().signal;

describe('ConnectionBudget', () => {
  let nowMs = 0;
  const budgetOf = (ceiling: number): ConnectionBudget =>
    new ConnectionBudget(ceiling, { ...impatientClock, steadyMs: () => nowMs });
  /** Advances the clock by a second at the given rate, in bytes a second. */
  const second = (budget: ConnectionBudget, rate: number): Promise<void> => pass(budget, rate, 1000);
  const eighth = (budget: ConnectionBudget, rate: number): Promise<void> => pass(budget, rate, 125);
  const pass = async (budget: ConnectionBudget, rate: number, ms: number): Promise<void> => {
    nowMs += ms;
    budget.received((rate * ms) / 1000);
    await Promise.resolve();
  };
  /** Takes the budget past its start phase at a constant rate. */
  const started = async (budget: ConnectionBudget, rate: number): Promise<void> => {
    crowd(budget);
    await eighth(budget, rate);
    await eighth(budget, rate);
    assert.equal(budget.connections, 16);
  };
  const crowd = (budget: ConnectionBudget): void => {
    for (let index = 0; index < 64; index += 1) {
      void budget.acquire(signal);
    }
  };

  it('the budget begins with four connections, or with a lower ceiling', () => {
    assert.equal(budgetOf(16).connections, 4);
    assert.equal(budgetOf(2).connections, 2);
  });

  it('waiting requests get freed connections in order', async () => {
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

  it('a connection that is released twice counts once', async () => {
    const budget = budgetOf(1);
    const turn: Disposable = await budget.acquire(signal);
    turn.dispose();
    turn.dispose();
    await budget.acquire(signal);
    const third = budget.acquire(AbortSignal.timeout(20));
    await assert.rejects(third);
  });

  it('an aborted request leaves the waiting line', async () => {
    const budget = budgetOf(1);
    const turn = await budget.acquire(signal);
    const impatient = new AbortController();
    const waiting = budget.acquire(impatient.signal);
    impatient.abort(new Error('enough'));
    await assert.rejects(waiting, /enough/u);
    turn.dispose();
    await budget.acquire(signal);
  });

  it('the budget doubles to the ceiling at once, and stays there if the rate grew by ten percent', async () => {
    const budget = budgetOf(16);
    crowd(budget);
    const seen: number[] = [];
    for (const rate of [80, 160]) {
      await eighth(budget, rate);
      seen.push(budget.connections);
    }
    for (const rate of [100, 320, 320]) {
      await second(budget, rate);
      seen.push(budget.connections);
    }
    assert.deepEqual(seen, [8, 16, 16, 16, 16]);
  });

  it('a doubling that brought too little is undone, and later steps of two must each gain ten percent', async () => {
    const budget = budgetOf(16);
    await started(budget, 100);
    await second(budget, 105);
    assert.equal(budget.connections, 16);
    await second(budget, 105);
    assert.equal(budget.connections, 4);
    for (let seconds = 0; seconds < 14; seconds += 1) {
      await second(budget, 105);
      assert.equal(budget.connections, 4);
    }
    const seen: number[] = [];
    for (const rate of [105, 100, 120, 130, 150, 155, 160]) {
      await second(budget, rate);
      seen.push(budget.connections);
    }
    assert.deepEqual(seen, [6, 6, 8, 8, 10, 10, 8]);
  });

  it('a pause is not measured as a rate', async () => {
    const budget = budgetOf(16);
    await started(budget, 100);
    nowMs += 60_000;
    budget.received(1);
    await second(budget, 320);
    assert.equal(budget.connections, 16);
  });

  it('the budget does not grow while no request is waiting', async () => {
    const budget = budgetOf(16);
    await budget.acquire(signal);
    await second(budget, 100);
    await second(budget, 200);
    assert.equal(budget.connections, 4);
  });

  it('throttling halves the budget once per incident, never below one', () => {
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

  it('a changed ceiling applies to a running budget', () => {
    const budget = budgetOf(16);
    budget.setCeiling(3);
    assert.equal(budget.connections, 3);
  });
});
