import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../../src/base/clock.ts';
import { OtherWindows } from '../../../../src/download/windows/otherWindows.ts';
import type { ActiveStatus } from '../../../../src/download/windows/otherWindows.ts';
import { until } from '../../../support/poll.ts';
import { useTempFolder } from '../../../support/useTempFolder.ts';

describe('messages between windows', () => {
  const folder = useTempFolder();
  const status: ActiveStatus = { state: { kind: 'queued' }, bytesDone: 0, bytesPerSecond: 0 };
  const windows = (): OtherWindows => new OtherWindows(join(folder(), 'windows'), systemClock);

  it('the last state that a window published wins, even after many at once', async () => {
    const own = windows();
    const other = windows();
    for (let round = 0; round < 20; round += 1) {
      const many = Array.from({ length: 5 }, (_, index) => new Map([[`${round}-${index}`, status]]));
      await Promise.all(many.map((active) => own.publish(active)));
      assert.deepEqual([...(await other.active()).keys()], [`${round}-4`]);
      await Promise.all([...many, new Map()].map((active) => own.publish(active)));
      assert.deepEqual(readdirSync(join(folder(), 'windows')), []);
    }
  });

  it('a state is never read half-written', async () => {
    const own = windows();
    const other = windows();
    const active = new Map(Array.from({ length: 200 }, (_, index) => [String(index), status]));
    await own.publish(active);
    for (let round = 0; round < 200; round += 1) {
      const [seen] = await Promise.all([other.active(), own.publish(active)]);
      assert.equal(seen.size, active.size);
    }
  });

  it('a request reaches only the window it is for, once, and only if that window knows its kind', async () => {
    const asked = windows().ask('batch', 'pause', new AbortController().signal);
    const owner = windows();
    const request = async (): Promise<unknown> => {
      while (!existsSync(join(folder(), 'windows', 'batch.pause'))) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.deepEqual(await owner.takeRequests(new Set(['other']), ['pause']), []);
      assert.deepEqual(await owner.takeRequests(new Set(['batch']), ['cancel']), []);
      return owner.takeRequests(new Set(['batch']), ['pause', 'cancel']);
    };
    assert.deepEqual(await request(), [{ id: 'batch', action: 'pause' }]);
    assert.equal(await asked, true);
    assert.deepEqual(await owner.takeRequests(new Set(['batch']), ['pause', 'cancel']), []);
  });

  it('a request that nobody took in time is removed without being performed', async () => {
    let nowMs = 1_000_000;
    const clock = { ...systemClock, wallMs: () => nowMs };
    const exchange = new OtherWindows(join(folder(), 'windows'), clock);
    const path = join(folder(), 'windows', 'download.cancel');
    mkdirSync(join(folder(), 'windows'));
    for (const askedMs of [nowMs - 4000, nowMs + 4000, Number.NaN]) {
      writeFileSync(path, String(askedMs));
      assert.deepEqual(await exchange.takeRequests(new Set(['download']), ['cancel']), [], String(askedMs));
      assert.ok(!existsSync(path));
    }
    writeFileSync(path, String(nowMs));
    nowMs += 3999;
    assert.deepEqual(await exchange.takeRequests(new Set(['download']), ['cancel']), [
      { id: 'download', action: 'cancel' },
    ]);
  });

  it('a window that closes takes its request back', async () => {
    const closing = new AbortController();
    const asked = windows().ask('download', 'cancel', closing.signal);
    await until('the request is there', () => existsSync(join(folder(), 'windows', 'download.cancel')));
    closing.abort();
    await assert.rejects(asked);
    assert.deepEqual(readdirSync(join(folder(), 'windows')), []);
  });
});
