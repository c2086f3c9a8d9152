import assert from 'node:assert/strict';
import { useFakeTimers } from 'sinon';
import type { SinonFakeTimers } from 'sinon';
import { AppError } from '../../../../src/base/errors.ts';
import { silentLogger } from '../../../support/silentLogger.ts';
import type { ObjectMeta, ObjectRef, RestoreStatus } from '../../../../src/oss/model.ts';
import { RestoreWatch } from '../../../../src/vscode/objects/restoreWatch.ts';
import { object } from '../support/fakeLister.ts';

const ref = (key: string): ObjectRef => ({ profile: 'p', bucket: 'b-1', key });
const minuteMs = 60_000;

describe('RestoreWatch', () => {
  let clock: SinonFakeTimers;
  beforeEach(() => {
    clock = useFakeTimers();
  });
  afterEach(() => clock.restore());

  function rig(saved?: unknown) {
    const state = { saved };
    const answers = new Map<string, RestoreStatus | AppError | undefined>();
    const ready: string[] = [];
    let looks = 0;
    const watch = new RestoreWatch({
      load: () => state.saved,
      save: (pending) => Promise.resolve(void (state.saved = pending)),
      head: ({ key }): Promise<ObjectMeta> => {
        looks += 1;
        const answer = answers.get(key);
        return answer instanceof AppError
          ? Promise.reject(answer)
          : Promise.resolve({ ...object(key), ...(answer === undefined ? {} : { restore: answer }) });
      },
      onReady: ({ key }) => ready.push(key),
      logger: silentLogger,
    });
    return { state, answers, ready, watch, looks: () => looks };
  }

  it('a restored object is reported once and then forgotten', async () => {
    const { state, answers, ready, watch, looks } = rig();
    answers.set('a', { kind: 'ongoing' });
    await watch.add([ref('a')]);
    await clock.tickAsync(minuteMs);
    assert.deepEqual([ready, looks() > 0], [[], true]);
    answers.set('a', { kind: 'restored' });
    await clock.tickAsync(2 * minuteMs);
    assert.deepEqual([ready, state.saved], [['a'], []]);
    await clock.tickAsync(60 * minuteMs);
    assert.deepEqual(ready, ['a']);
    watch.dispose();
  });

  it('the watch continues after a restart and ignores unknown entries', async () => {
    const { answers, ready, watch } = rig([{ object: ref('a'), sinceMs: 0 }, { object: 'b' }, null, 7]);
    answers.set('a', { kind: 'restored' });
    await clock.tickAsync(minuteMs);
    assert.deepEqual(ready, ['a']);
    watch.dispose();
    rig('nonsense').watch.dispose();
  });

  it('the watch polls less often the longer a restore takes', async () => {
    const { answers, watch, looks } = rig();
    answers.set('a', { kind: 'ongoing' });
    await watch.add([ref('a')]);
    await clock.tickAsync(24 * 60 * minuteMs);
    assert(looks() > 100 && looks() < 200, String(looks()));
    watch.dispose();
  });

  it('the watch survives a lost network, and ends for missing, frozen or overdue objects', async () => {
    const { state, answers, ready, watch } = rig();
    answers.set('away', new AppError('network/unreachable', 'away'));
    answers.set('gone', new AppError('object/notFound', 'gone'));
    answers.set('frozen', undefined);
    await watch.add(['away', 'gone', 'frozen'].map(ref));
    await clock.tickAsync(10 * minuteMs);
    assert.deepEqual(
      (state.saved as { object: ObjectRef }[]).map(({ object: { key } }) => key),
      ['away'],
    );
    await clock.tickAsync(5 * 24 * 60 * minuteMs);
    assert.deepEqual([state.saved, ready], [[], []]);
    watch.dispose();
  });

  it('the watch sends no request after the window has closed', async () => {
    const { watch, looks } = rig([{ object: ref('a'), sinceMs: 0 }]);
    watch.dispose();
    await clock.tickAsync(60 * minuteMs);
    assert.equal(looks(), 0);
  });
});
