import assert from 'node:assert/strict';
import { Bandwidth } from '../../../../src/download/transfer/bandwidth.ts';
import { seededRandom } from '../../../support/random.ts';

const signal = new AbortController().signal;

describe('Bandwidth', () => {
  /** A clock that advances only while callers wait, and wakes them in order. */
  class ManualClock {
    nowMs = 1_000_000;
    private sleepers: { atMs: number; wake: () => void }[] = [];
    readonly wallMs = (): number => this.nowMs;
    readonly steadyMs = (): number => this.nowMs;
    readonly delay = (ms: number): Promise<void> =>
      new Promise((wake) => this.sleepers.push({ atMs: this.nowMs + ms, wake }));

    async runUntil(endMs: number): Promise<void> {
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        this.sleepers.sort((a, b) => a.atMs - b.atMs);
        const next = this.sleepers[0];
        if (next === undefined || next.atMs > endMs) {
          this.nowMs = endMs;
          return;
        }
        this.sleepers.shift();
        this.nowMs = next.atMs;
        next.wake();
      }
    }
  }

  for (const connections of [1, 16]) {
    for (const limit of [50_000, 1_000_000, 50_000_000]) {
      it(`${connections} connections share ${limit} bytes a second within 5 % over ten seconds`, async () => {
        const clock = new ManualClock();
        const bandwidth = new Bandwidth(clock, () => limit);
        const random = seededRandom(connections + limit);
        let received = 0;
        const start = clock.nowMs;
        for (let index = 0; index < connections; index += 1) {
          void (async () => {
            for (;;) {
              const bytes = Math.ceil(random() * Math.min(65_536, limit / 20));
              received += bytes;
              await bandwidth.take(bytes, signal);
              if (clock.nowMs - start > 60_000) {
                return;
              }
            }
          })();
        }
        await clock.runUntil(start + 20_000);
        const before = received;
        await clock.runUntil(start + 30_000);
        const rate = (received - before) / 10;
        assert.ok(Math.abs(rate / limit - 1) < 0.05, `${rate} instead of ${limit}`);
        await clock.runUntil(start + 100_000);
      });
    }
  }

  it('unused bandwidth is not saved up', async () => {
    const clock = new ManualClock();
    const bandwidth = new Bandwidth(clock, () => 1000);
    clock.nowMs += 3_600_000;
    const wait = bandwidth.take(1000, signal);
    assert.ok(wait);
    let woken = false;
    void wait.then(() => (woken = true));
    await clock.runUntil(clock.nowMs + 890);
    assert.ok(!woken);
    await clock.runUntil(clock.nowMs + 20);
    assert.ok(woken);
  });

  it('bandwidth is unlimited without a limit, and a changed limit applies at once', () => {
    let limit = 0;
    const bandwidth = new Bandwidth(new ManualClock(), () => limit);
    assert.equal(bandwidth.take(1e12, signal), undefined);
    limit = 10;
    assert.ok(bandwidth.take(1000, signal));
  });
});
