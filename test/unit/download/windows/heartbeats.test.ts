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
  /** Looks once a second. @returns what was seen each time */
  const watch = (seconds: number, changedMs: number, owner = alive): readonly boolean[] =>
    Array.from({ length: seconds }, () => {
      nowMs += 1000;
      return heartbeats.isAlive('file', changedMs, owner);
    });

  beforeEach(() => {
    nowMs = 1e12;
    heartbeats = new Heartbeats({ ...systemClock, wallMs: () => nowMs, steadyMs: () => nowMs }, silentAfterMs);
  });

  it('take an owner for alive whose heartbeat is late at the first look, until it was silent for long enough', () => {
    assert.deepEqual(watch(6, hourAgo()), [true, true, true, true, false, false]);
  });

  it('take one for alive again as soon as a heartbeat comes', () => {
    watch(10, hourAgo());
    assert.deepEqual(watch(1, nowMs), [true]);
  });

  it('do not count the time in which this process was frozen itself', () => {
    const changedMs = hourAgo();
    watch(1, changedMs);
    nowMs += 60_000;
    assert.deepEqual(watch(3, changedMs), [true, true, false]);
  });

  it('take an owner for dead at once whose process has ended', () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    assert.deepEqual(watch(1, nowMs, { ...ownProcess, pid }), [false]);
  });

  it('watch an owner on another machine, whose process nobody here can check', () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    assert.deepEqual(watch(5, hourAgo(), { pid, machine: 'another' }), [true, true, true, true, false]);
  });

  it('believe the age of what this very process has left: a worker of it that has died', () => {
    assert.deepEqual(watch(2, hourAgo(), ownProcess), [false, false]);
    assert.deepEqual(watch(1, nowMs, ownProcess), [true]);
  });

  it('forget the files that are gone', () => {
    watch(5, hourAgo());
    heartbeats.retain((file) => file !== 'file');
    assert.deepEqual(watch(1, hourAgo()), [true]);
  });
});
