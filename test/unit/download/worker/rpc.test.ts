import assert from 'node:assert/strict';
import { MessageChannel } from 'node:worker_threads';
import { AppError } from '../../../../src/base/errors.ts';
import { Channel } from '../../../../src/download/worker/rpc.ts';
import type { Handlers, Port } from '../../../../src/download/worker/rpc.ts';
import { until } from '../../../support/poll.ts';

interface Kitchen {
  readonly calls: {
    cook(dish: string): { readonly dish: string; readonly minutes: number };
    slice(count: number): Uint8Array;
    wait(): void;
  };
  readonly events: { hurry(reason: string): void };
}
interface Guest {
  readonly calls: { choose(menu: readonly string[]): string };
  readonly events: { smell(of: string): void };
}

describe('Channel', () => {
  const dead = new AppError('internal', 'the other side is gone');
  let guest: Channel<Guest, Kitchen>;
  let kitchen: Channel<Kitchen, Guest>;
  /** What arrived or happened, in order. */
  let seen: unknown[];
  /** Messages of the guest, each with the types of what it holds. */
  let posted: string[][];
  let kept: Uint8Array;
  /** Messages that the guest received. */
  let received: number;
  let close = (): void => undefined;

  function open(overrides: Partial<Handlers<Kitchen>['calls']> = {}): void {
    close();
    const { port1, port2 } = new MessageChannel();
    close = () => port1.close();
    seen = [];
    posted = [];
    received = 0;
    const recording: Port = {
      postMessage: (message, transfer) => {
        posted.push((message as readonly { readonly type: string }[]).map(({ type }) => type));
        port1.postMessage(message, transfer);
      },
      on: (event, listener) =>
        port1.on(event, (message) => {
          listener(message);
          received += 1;
        }),
    };
    guest = new Channel<Guest, Kitchen>(recording, {
      calls: { choose: (menu) => Promise.resolve(menu.at(-1) ?? 'nothing') },
      events: { smell: (of) => void seen.push(of) },
    });
    kitchen = new Channel<Kitchen, Guest>(port2, {
      calls: {
        cook: (dish) => Promise.resolve({ dish, minutes: dish.length }),
        slice: (count) => {
          kept = new Uint8Array(count).fill(7);
          return Promise.resolve(kept);
        },
        wait: (_nothing, signal) =>
          new Promise((_resolve, reject) => {
            seen.push('waiting');
            signal.addEventListener('abort', () => {
              seen.push('aborted');
              reject(new Error('given up'));
            });
          }),
        ...overrides,
      },
      events: { hurry: (reason) => void seen.push(reason) },
    });
  }

  beforeEach(() => open());
  afterEach(() => close());

  it('both sides can call each other and get results', async () => {
    assert.deepEqual(await guest.call('cook', 'soup'), { dish: 'soup', minutes: 4 });
    assert.equal(await kitchen.call('choose', ['rice', 'noodles']), 'noodles');
  });

  it('each of several open calls gets its own result, in whatever order they are answered', async () => {
    const ready: ((minutes: number) => void)[] = [];
    open({ cook: (dish) => new Promise((resolve) => ready.push((minutes) => resolve({ dish, minutes }))) });
    const calls = Promise.all([guest.call('cook', 'first'), guest.call('cook', 'second')]);
    await until('both calls', () => ready.length === 2);
    ready[1]?.(2);
    ready[0]?.(1);
    assert.deepEqual(await calls, [
      { dish: 'first', minutes: 1 },
      { dish: 'second', minutes: 2 },
    ]);
  });

  it('events and results arrive in the order in which they were sent', async () => {
    open({
      cook: (dish) => {
        kitchen.emit('smell', `smell of ${dish}`);
        return Promise.resolve({ dish, minutes: 1 });
      },
    });
    guest.emit('hurry', 'hungry');
    await guest.call('cook', 'soup').then(() => seen.push('soup'));
    assert.deepEqual(seen, ['hungry', 'smell of soup', 'soup']);
  });

  it('all messages of one turn of the event loop are posted as one', async () => {
    guest.emit('hurry', 'hungry');
    const calls = [guest.call('cook', 'soup'), guest.call('cook', 'rice')];
    await Promise.all(calls);
    await guest.call('cook', 'tea');
    assert.deepEqual(posted, [['event', 'call', 'call'], ['call']]);
  });

  it('a failed call throws an AppError with its code and details', async () => {
    const full = new AppError('disk/full', 'no room', { retryable: true, details: { subject: 'oven' } });
    open({ cook: () => Promise.reject(full), slice: () => Promise.reject(new RangeError('too thin')) });
    await assert.rejects(guest.call('cook', 'soup'), (error) => {
      assert.ok(error instanceof AppError);
      assert.deepEqual(
        [error.code, error.message, error.retryable, error.details],
        ['disk/full', 'no room', true, { subject: 'oven' }],
      );
      return true;
    });
    await assert.rejects(guest.call('slice', 1), (error) => error instanceof AppError && error.code === 'internal');
  });

  it('an aborted call fails at once and aborts the work on the other side', async () => {
    const controller = new AbortController();
    const waiting = guest.call('wait', undefined, controller.signal);
    await until('the call', () => seen.includes('waiting'));
    controller.abort(new Error('no appetite'));
    await assert.rejects(waiting, /no appetite/u);
    await until('the abort', () => seen.includes('aborted'));
    assert.equal((await guest.call('cook', 'soup')).dish, 'soup');
  });

  it('the result of an aborted call is dropped', async () => {
    let finish: () => void = () => undefined;
    open({
      cook: (dish) => new Promise((resolve) => (finish = () => resolve({ dish, minutes: 1 }))),
      wait: () => {
        finish();
        return Promise.resolve();
      },
    });
    const controller = new AbortController();
    const cooking = guest.call('cook', 'soup', controller.signal);
    const rejected = assert.rejects(cooking, { name: 'AbortError' });
    controller.abort();
    await rejected;
    await guest.call('wait', undefined);
    assert.equal((await guest.call('slice', 2)).length, 2);
  });

  it('no abort is sent for a call that has its result', async () => {
    const controller = new AbortController();
    await guest.call('cook', 'soup', controller.signal);
    controller.abort();
    await guest.call('cook', 'tea');
    assert.deepEqual(posted, [['call'], ['call']]);
  });

  it('nothing is sent for a call whose signal is already aborted', async () => {
    await assert.rejects(guest.call('cook', 'soup', AbortSignal.abort(new Error('too late'))), /too late/u);
    await guest.call('cook', 'tea');
    assert.deepEqual(posted, [['call']]);
  });

  it('closing the channel fails open and later calls and aborts the work of the other side', async () => {
    const open = [guest.call('wait', undefined), guest.call('wait', undefined, new AbortController().signal)];
    const results = Promise.allSettled(open);
    await until('both calls', () => seen.length === 2);
    guest.close(dead);
    assert.deepEqual(
      (await results).map((result) => result.status === 'rejected' && result.reason === dead),
      [true, true],
    );
    await assert.rejects(guest.call('cook', 'soup'), (error) => error === dead);
    kitchen.close(dead);
    assert.deepEqual(seen, ['waiting', 'waiting', 'aborted', 'aborted']);
  });

  it('a closed channel neither sends nor delivers', async () => {
    guest.emit('hurry', 'never sent');
    guest.close(dead);
    kitchen.emit('smell', 'never delivered');
    const late = kitchen.call('choose', ['rice']);
    const unanswered = assert.rejects(late, (error) => error === dead);
    await until('the message', () => received > 0);
    kitchen.close(dead);
    await unanswered;
    assert.deepEqual([seen, posted], [[], []]);
  });

  it('returned bytes are moved, and a view of a larger buffer is copied', async () => {
    assert.deepEqual(await guest.call('slice', 3), new Uint8Array([7, 7, 7]));
    assert.equal(kept.byteLength, 0);
    const whole = new Uint8Array([1, 2, 3, 4]);
    open({ slice: (count) => Promise.resolve(whole.subarray(0, count)) });
    assert.deepEqual(await guest.call('slice', 2), new Uint8Array([1, 2]));
    assert.deepEqual(whole, new Uint8Array([1, 2, 3, 4]));
  });

  it('names, arguments and results are typed at compile time', async () => {
    // @ts-expect-error no such call
    const unknown = guest.call('paint', 'soup');
    await assert.rejects(unknown, AppError);
    // @ts-expect-error the argument is a text
    await guest.call('slice', '2');
    // @ts-expect-error the result is no text
    const dish: string = await guest.call('cook', 'soup');
    assert.equal(typeof dish, 'object');
    // @ts-expect-error an event of the other direction
    const emit = (): void => guest.emit('smell', 'soup');
    assert.equal(typeof emit, 'function');
    // @ts-expect-error a handler with another result
    const choose: Handlers<Guest>['calls']['choose'] = () => Promise.resolve(1);
    assert.equal(typeof choose, 'function');
  });
});
