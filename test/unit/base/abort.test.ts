import assert from 'node:assert/strict';
import { delay, isAbort, raceAbort } from '../../../src/base/abort.ts';

const forever = new Promise<never>(() => undefined);

describe('abort', () => {
  it('an abort ends a delay and a race at once with the reason of the signal', async () => {
    const controller = new AbortController();
    const waiting = [delay(60_000, controller.signal), raceAbort(forever, controller.signal)];
    const reason = new Error('enough');
    controller.abort(reason);
    for (const outcome of await Promise.allSettled(waiting)) {
      assert(outcome.status === 'rejected' && outcome.reason === reason);
    }
    await assert.rejects(raceAbort(Promise.resolve(1), controller.signal), reason);
    await assert.rejects(delay(1, controller.signal), reason);
  });

  it('a race without an abort has the result of its promise, and releases the signal', async () => {
    const controller = new AbortController();
    assert.equal(await raceAbort(Promise.resolve(1), controller.signal), 1);
    await assert.rejects(raceAbort(Promise.reject(new Error('own')), controller.signal), /own/);
    controller.abort();
  });

  it('an abort is recognized by the signal, not by the name of the error alone', () => {
    const aborted = AbortSignal.abort();
    assert(isAbort(aborted.reason, aborted));
    assert(!isAbort(new Error('other'), aborted));
    assert(!isAbort(new DOMException('x', 'AbortError'), new AbortController().signal));
  });
});
