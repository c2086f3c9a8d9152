import assert from 'node:assert/strict';
import { useFakeTimers } from 'sinon';
import type { SinonFakeTimers } from 'sinon';
import type { DownloadSnapshot } from '../../../../src/download/model.ts';
import { Downloads } from '../../../../src/vscode/list/downloadList.ts';
import { ResumeOffer } from '../../../../src/vscode/list/resumeOffer.ts';
import type { ResumeOnStartup } from '../../../../src/vscode/settings/settingValues.ts';
import { FakeService } from '../support/fakeService.ts';
import { download, running } from '../support/snapshots.ts';

describe('ResumeOffer', () => {
  let clock: SinonFakeTimers;
  beforeEach(() => {
    clock = useFakeTimers();
  });
  afterEach(() => clock.restore());

  const interrupted = (id: string): DownloadSnapshot => download({ kind: 'interrupted' }, { id });

  function rig(mode: ResumeOnStartup, earlier: readonly DownloadSnapshot[]) {
    const service = new FakeService();
    service.downloads = earlier;
    const downloads = new Downloads((listener) => service.start(listener));
    const asked: string[][] = [];
    const resumed: (readonly string[])[] = [];
    const answers: ((yes: boolean) => void)[] = [];
    const offer = new ResumeOffer(downloads, {
      mode: () => mode,
      ask: (those) => {
        asked.push(those.map(({ id }) => id));
        return new Promise((resolve) => answers.push(resolve));
      },
      resume: (ids) => Promise.resolve(void resumed.push(ids)),
      onFailure: (error) => assert.fail(String(error)),
    });
    return { service, downloads, offer, asked, resumed, answer: (yes: boolean) => answers.shift()?.(yes) };
  }

  it('one question covers all downloads that an earlier session left running, without the paused ones', async () => {
    const { downloads, asked, resumed, answer } = rig('ask', [
      interrupted('a'),
      download({ kind: 'paused' }, { id: 'b' }),
      interrupted('c'),
    ]);
    await downloads.start();
    await clock.tickAsync(1000);
    assert.deepEqual(asked, [['a', 'c']]);
    answer(true);
    await clock.tickAsync(0);
    assert.deepEqual(resumed, [['a', 'c']]);
  });

  it('"Not Now" resumes nothing and is not followed by the same question', async () => {
    const { downloads, service, asked, resumed, answer } = rig('ask', [interrupted('a')]);
    await downloads.start();
    await clock.tickAsync(1000);
    answer(false);
    service.changed.fire(interrupted('a'));
    await clock.tickAsync(1000);
    assert.deepEqual([asked.length, resumed], [1, []]);
  });

  it('downloads of another window are offered after that window has closed', async () => {
    const { downloads, service, asked } = rig('ask', [download(running, { id: 'a' }), download(running, { id: 'b' })]);
    await downloads.start();
    await clock.tickAsync(3000);
    assert.deepEqual(asked, []);
    service.changed.fire(interrupted('a'));
    await clock.tickAsync(100);
    service.changed.fire(interrupted('b'));
    await clock.tickAsync(1000);
    assert.deepEqual(asked, [['a', 'b']]);
  });

  it('a download that another window took over during the question is not resumed', async () => {
    const { downloads, service, resumed, answer } = rig('ask', [interrupted('a'), interrupted('b')]);
    await downloads.start();
    await clock.tickAsync(1000);
    service.changed.fire(download(running, { id: 'a' }));
    answer(true);
    await clock.tickAsync(0);
    assert.deepEqual(resumed, [['b']]);
  });

  it('the setting can resume always without a question, or never', async () => {
    const always = rig('always', [interrupted('a')]);
    const never = rig('never', [interrupted('a')]);
    await Promise.all([always.downloads.start(), never.downloads.start()]);
    await clock.tickAsync(1000);
    assert.deepEqual([always.asked, always.resumed, never.asked, never.resumed], [[], [['a']], [], []]);
  });

  it('downloads that this window interrupts by closing are not offered', async () => {
    const { downloads, service, asked } = rig('ask', [download(running, { id: 'a' })]);
    await downloads.start();
    await downloads.shutdown();
    service.changed.fire(interrupted('a'));
    await clock.tickAsync(1000);
    assert.deepEqual(asked, []);
  });

  it('no question appears after the window has closed', async () => {
    const { downloads, offer, asked } = rig('ask', [interrupted('a')]);
    await downloads.start();
    offer.dispose();
    await clock.tickAsync(1000);
    assert.deepEqual(asked, []);
  });
});
