import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../../src/base/errors.ts';
import { systemClock } from '../../../../src/base/clock.ts';
import { DownloadManager } from '../../../../src/download/queue/downloadManager.ts';
import type { DownloadSnapshot } from '../../../../src/download/model.ts';
import { OtherWindows } from '../../../../src/download/windows/otherWindows.ts';
import { EngineRig } from '../../../support/engineRig.ts';
import { until } from '../../../support/poll.ts';
import { seededBytes } from '../../../support/random.ts';

const bytes = seededBytes(200_000, 1);

describe('a download of an archived object', () => {
  let rig: EngineRig;
  let manager: DownloadManager;
  let isFrozen: boolean;

  const start = async (): Promise<void> => {
    manager = new DownloadManager(rig.deps, new OtherWindows(join(rig.folder.path, 'windows'), systemClock));
    await manager.load();
  };
  const find = (id: string): DownloadSnapshot | undefined => manager.downloads.find((each) => each.id === id);
  const reaches = (id: string, kind: string): Promise<void> => until(kind, () => find(id)?.state.kind === kind);
  const add = (awaitRestore?: boolean): Promise<string> =>
    manager.add(rig.request('a', awaitRestore === undefined ? {} : { awaitRestore }));

  beforeEach(async () => {
    rig = new EngineRig();
    rig.put('a', bytes);
    isFrozen = true;
    rig.reader.fault = () =>
      isFrozen ? { kind: 'fail', error: new AppError('object/archived', 'the object is archived') } : undefined;
    await start();
  });
  afterEach(async () => {
    await manager.shutdown();
    rig.folder.remove();
  });

  it('an archived object fails if nobody has requested a restore', async () => {
    const id = await add();
    await reaches(id, 'failed');
  });

  it('a download polls a pending restore and starts by itself', async () => {
    const id = await add(true);
    await until('several looks', () => rig.reader.requests.length >= 3);
    assert.deepEqual(['waiting', 'queued', 'running'].includes(find(id)?.state.kind ?? ''), true);
    isFrozen = false;
    await reaches(id, 'completed');
    assert.ok(readFileSync(rig.target).equals(bytes));
  });

  it('a restart interrupts the wait for a restore, and a resume continues it', async () => {
    const id = await add(true);
    await until('a look', () => rig.reader.requests.length >= 1);
    await manager.shutdown();
    await start();
    assert.equal(find(id)?.state.kind, 'interrupted');
    await manager.resume(id);
    const looks = rig.reader.requests.length;
    await until('further looks', () => rig.reader.requests.length >= looks + 3);
    isFrozen = false;
    await reaches(id, 'completed');
  });

  it('a paused download stops polling its restore', async () => {
    const id = await add(true);
    await until('a look', () => rig.reader.requests.length >= 1);
    await manager.pause(id);
    assert.equal(find(id)?.state.kind, 'paused');
    const looks = rig.reader.requests.length;
    for (let turn = 0; turn < 20; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(rig.reader.requests.length, looks);
  });

  it('a failed download waits for the restore that is requested later', async () => {
    const id = await add();
    await reaches(id, 'failed');
    assert.equal(await add(true), id);
    const looks = rig.reader.requests.length;
    await until('further looks', () => rig.reader.requests.length >= looks + 2);
    isFrozen = false;
    await reaches(id, 'completed');
  });

  it('a wait that was paused does not start the download again when its time is over', async () => {
    await manager.shutdown();
    const waits: (() => void)[] = [];
    const delay = (): Promise<void> => new Promise((resolve) => waits.push(resolve));
    const deps = { ...rig.deps, clock: { ...rig.deps.clock, delay } };
    manager = new DownloadManager(deps, new OtherWindows(join(rig.folder.path, 'windows'), systemClock));
    await manager.load();
    const id = await add(true);
    await until('the first wait', () => waits.length === 1);
    await manager.pause(id);
    await manager.resume(id);
    await until('the second wait', () => waits.length === 2);
    const requests = rig.reader.requests.length;
    waits[0]?.();
    for (let turn = 0; turn < 20; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual([rig.reader.requests.length, find(id)?.state.kind], [requests, 'waiting']);
    isFrozen = false;
    waits[1]?.();
    await reaches(id, 'completed');
  });
});
