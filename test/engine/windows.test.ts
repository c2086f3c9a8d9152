import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { AppError } from '../../src/base/errors.ts';
import { DownloadManager } from '../../src/download/queue/downloadManager.ts';
import type { DownloadSnapshot } from '../../src/download/model.ts';
import { OtherWindows } from '../../src/download/windows/otherWindows.ts';
import { ownProcess } from '../../src/download/windows/processId.ts';
import { EngineRig } from '../support/engineRig.ts';
import { until } from '../support/poll.ts';
import { seededBytes } from '../support/random.ts';

const partSize = 64 * 1024;
const bytes = seededBytes(8 * partSize, 1);

/** Two managers on one storage, as in two windows of the editor. */
describe('two windows on one storage', function () {
  this.timeout(15_000);
  let rig: EngineRig;
  let first: DownloadManager;
  let second: DownloadManager;
  const open: DownloadManager[] = [];
  const openWindow = async (): Promise<DownloadManager> => {
    const manager = new DownloadManager(
      { ...rig.deps, clock: systemClock },
      new OtherWindows(join(rig.folder.path, 'windows'), systemClock),
    );
    open.push(manager);
    await manager.load();
    return manager;
  };
  const seen = (manager: DownloadManager, id: string): DownloadSnapshot | undefined =>
    manager.downloads.find((download) => download.id === id);
  const within = async (ms: number, what: string, condition: () => boolean): Promise<void> =>
    until(what, condition, ms);

  /** Begins a download in the first window and holds it half-way. */
  async function begin(): Promise<string> {
    rig.reader.fault = (request) =>
      (request.range?.start ?? 0) >= 4 * partSize ? { kind: 'hang', afterBytes: 1000 } : undefined;
    const id = await first.add(rig.request('a'));
    await until('half of it', () => rig.reader.bytesSent === 4 * partSize + 4000);
    return id;
  }

  beforeEach(async () => {
    rig = new EngineRig();
    rig.put('a', bytes);
    first = await openWindow();
    second = await openWindow();
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((manager) => manager.shutdown()));
    rig.folder.remove();
  });

  it('two windows show the same download with live progress and its end', async () => {
    const id = await begin();
    await within(3000, 'progress in the second window', () => seen(second, id)?.bytesDone === 4 * partSize + 4000);
    assert.equal(seen(second, id)?.state.kind, 'running');
    assert.equal(seen(second, id)?.bytesTotal, bytes.length);
    rig.reader.fault = () => undefined;
    await first.pause(id);
    await first.resume(id);
    await within(4000, 'the end in the second window', () => seen(second, id)?.state.kind === 'completed');
    assert.ok(readFileSync(rig.target).equals(bytes));
  });

  it('a window that is opened later shows a running download', async () => {
    const id = await begin();
    const windows = join(rig.folder.path, 'windows');
    await within(3000, 'told', () =>
      readdirSync(windows).some((name) => readFileSync(join(windows, name), 'utf8').includes('"running"')),
    );
    assert.equal(seen(await openWindow(), id)?.state.kind, 'running');
  });

  it('a download that is just beginning is never shown as interrupted', async () => {
    const states = new Set<string>();
    second.onDidChange(({ state }) => states.add(state.kind));
    const begun = begin();
    while (!states.has('running')) {
      await second.poll();
    }
    await begun;
    states.delete('queued');
    assert.deepEqual([...states], ['running']);
  });

  it('a window that opens during a late heartbeat shows the download as running', async () => {
    const id = await begin();
    await first.shutdown();
    open.splice(open.indexOf(first), 1);
    const file = join(rig.folder.path, 'windows', 'other.window');
    const status = { state: { kind: 'running', phase: 'transferring' }, bytesDone: 1, bytesPerSecond: 1 };
    writeFileSync(file, JSON.stringify({ owner: { ...ownProcess, pid: process.ppid }, active: { [id]: status } }));
    const minuteAgo = new Date(Date.now() - 60_000);
    utimesSync(file, minuteAgo, minuteAgo);
    const third = await openWindow();
    assert.equal(seen(third, id)?.state.kind, 'running');
    await within(8000, 'interrupted', () => seen(third, id)?.state.kind === 'interrupted');
  });

  it('a download can be paused, resumed and cancelled from either window within two seconds', async () => {
    const id = await begin();
    await within(3000, 'seen', () => seen(second, id)?.state.kind === 'running');
    let began = performance.now();
    await second.pause(id);
    assert.ok(performance.now() - began < 2000);
    assert.equal(seen(first, id)?.state.kind, 'paused');
    assert.equal(seen(second, id)?.state.kind, 'paused');

    await second.resume(id);
    await within(3000, 'running in the other', () => seen(first, id)?.state.kind === 'running');
    began = performance.now();
    await first.cancel(id);
    assert.ok(performance.now() - began < 2000);
    assert.equal(seen(second, id), undefined);
    await within(3000, 'forgotten in the first', () => seen(first, id) === undefined);
    assert.ok(!existsSync(`${rig.target}.ossdownload`));
  });

  it('a download can be moved to the front of the queue from either window', async () => {
    rig.limits = { ...rig.limits, concurrentDownloads: 1 };
    rig.reader.fault = () => ({ kind: 'hang', afterBytes: 1000 });
    const ids: string[] = [];
    for (const name of ['b', 'c', 'd']) {
      rig.put(name, seededBytes(2 * 1024 * 1024, 2));
      ids.push(await first.add(rig.request(name, { path: join(rig.folder.path, 'target', name) })));
    }
    const [id = '', ...others] = ids;
    await within(3000, 'queued in the other', () =>
      others.every((each) => seen(second, each)?.state.kind === 'queued'),
    );
    await second.prioritize(others[1] ?? '');
    await first.pause(id);
    assert.deepEqual(
      others.map((each) => seen(first, each)?.state.kind),
      ['queued', 'running'],
    );
  });

  it('a second window that resumes a running download shows the first run instead of a second one', async () => {
    const id = await begin();
    await first.pause(id);
    await within(
      3000,
      'paused in both',
      () => seen(second, id)?.state.kind === 'paused' && seen(first, id)?.state.kind === 'paused',
    );
    await Promise.all([first.resume(id), second.resume(id)]);
    await within(
      4000,
      'running in both',
      () => seen(first, id)?.state.kind === 'running' && seen(second, id)?.state.kind === 'running',
    );
    rig.reader.fault = () => undefined;
    await first.pause(id);
    await second.resume(id);
    await within(
      5000,
      'completed in both',
      () => seen(first, id)?.state.kind === 'completed' && seen(second, id)?.state.kind === 'completed',
    );
    assert.ok(readFileSync(rig.target).equals(bytes));
  });

  it('a cancel from the other window works even if the owner closes before it receives it', async () => {
    const id = await begin();
    await within(3000, 'seen', () => seen(second, id)?.state.kind === 'running');
    const cancelled = second.cancel(id);
    await first.shutdown();
    await cancelled;
    assert.equal(seen(second, id), undefined);
    assert.ok(!existsSync(`${rig.target}.ossdownload`));
  });

  it('a download can be restarted from the window that does not run it', async () => {
    const id = await begin();
    await within(3000, 'seen', () => seen(second, id)?.state.kind === 'running');
    rig.reader.fault = () => undefined;
    await second.restart(id);
    await within(4000, 'completed', () => seen(second, id)?.state.kind === 'completed');
  });

  it('messages that a dead window left are not taken for signs of life', async () => {
    const id = await begin();
    await within(3000, 'seen', () => seen(second, id)?.state.kind === 'running');
    const folder = join(rig.folder.path, 'windows');
    const old = new Date(Date.now() - 60_000);
    await first.shutdown();
    open.splice(open.indexOf(first), 1);
    await within(3000, 'interrupted', () => seen(second, id)?.state.kind === 'interrupted');
    // as if the first window had been killed and had left its file
    const dead = new OtherWindows(folder, systemClock);
    await dead.publish(
      new Map([[id, { state: { kind: 'running', phase: 'transferring' }, bytesDone: 1, bytesPerSecond: 1 }]]),
    );
    readdirSync(folder).forEach((name) => utimesSync(join(folder, name), old, old));
    const third = await openWindow();
    assert.equal(seen(third, id)?.state.kind, 'interrupted');
  });

  it('a window that does not respond is reported', async () => {
    const silent = new OtherWindows(join(rig.folder.path, 'windows'), systemClock);
    rig.reader.fault = () => ({ kind: 'hang', afterBytes: 1000 });
    const id = await first.add(rig.request('a'));
    await first.pause(id);
    const tell = setInterval(
      () =>
        void silent.publish(
          new Map([[id, { state: { kind: 'running', phase: 'transferring' }, bytesDone: 1, bytesPerSecond: 1 }]]),
        ),
      200,
    );
    try {
      await within(3000, 'running elsewhere', () => seen(second, id)?.state.kind === 'running');
      await assert.rejects(
        second.pause(id),
        (error) => error instanceof AppError && error.code === 'download/ownedElsewhere',
      );
    } finally {
      clearInterval(tell);
    }
  });
});
