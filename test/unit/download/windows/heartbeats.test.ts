import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { systemClock } from '../../../../src/base/clock.ts';
import { Heartbeats } from '../../../../src/download/windows/heartbeats.ts';
import { ownProcess } from '../../../../src/download/windows/processId.ts';

describe('Heartbeats', () => {
  const silentAfterMs = 4000;
  /** A process that lives as long as this one. */
  const alive = { ...ownProcess, pid: process.ppid };
  let nowMs: number;
  let heartbeats: Heartbeats;
  const hourAgo = (): number => nowMs - 3_600_000;
  /** Polls once a second. @returns the result of each poll */
  const watch = (seconds: number, changedMs: number, owner = alive): readonly boolean[] =>
    Array.from({ length: seconds }, () => {
      nowMs += 1000;
      return heartbeats.isAlive('file', changedMs, owner);
    });

  beforeEach(() => {
    nowMs = 1e12;
    heartbeats = new Heartbeats({ ...systemClock, wallMs: () => nowMs, steadyMs: () => nowMs }, silentAfterMs);
  });

  it('an owner counts as alive until its heartbeat has been missing for long enough', () => {
    assert.deepEqual(watch(6, hourAgo()), [true, true, true, true, false, false]);
  });

  it('a new heartbeat makes an owner count as alive again', () => {
    watch(10, hourAgo());
    assert.deepEqual(watch(1, nowMs), [true]);
  });

  it('time in which this process was frozen does not count as silence', () => {
    const changedMs = hourAgo();
    watch(1, changedMs);
    nowMs += 60_000;
    assert.deepEqual(watch(3, changedMs), [true, true, false]);
  });

  it('an owner whose process has ended counts as dead at once', () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    assert.deepEqual(watch(1, nowMs, { ...ownProcess, pid }), [false]);
  });

  it('an owner on another machine is watched, because its process cannot be checked', () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    assert.deepEqual(watch(5, hourAgo(), { pid, machine: 'another' }), [true, true, true, true, false]);
  });

  it('the age of a heartbeat counts for an owner in this very process: a worker that died', () => {
    assert.deepEqual(watch(2, hourAgo(), ownProcess), [false, false]);
    assert.deepEqual(watch(1, nowMs, ownProcess), [true]);
  });

  it('missing files are forgotten', () => {
    watch(5, hourAgo());
    heartbeats.retain((file) => file !== 'file');
    assert.deepEqual(watch(1, hourAgo()), [true]);
  });
});
