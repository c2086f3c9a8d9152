import assert from 'node:assert/strict';
import { join } from 'node:path';
import { systemClock } from '../../../../src/base/clock.ts';
import { AppError } from '../../../../src/base/errors.ts';
import type { DownloadState } from '../../../../src/download/downloadState.ts';
import type { DownloadRequest, DownloadSnapshot } from '../../../../src/download/model.ts';
import { DownloadManager } from '../../../../src/download/queue/downloadManager.ts';
import { OtherWindows } from '../../../../src/download/windows/otherWindows.ts';
import { EngineRig } from '../../../support/engineRig.ts';
import { until } from '../../../support/poll.ts';
import { seededBytes } from '../../../support/random.ts';

const partSize = 64 * 1024;

describe('the queue of DownloadManager', () => {
  let rig: EngineRig;
  let manager: DownloadManager;
  let events: DownloadSnapshot[];

  const state = (id: string): DownloadState['kind'] | undefined =>
    manager.downloads.find((download) => download.id === id)?.state.kind;
  const reaches = (id: string, kind: DownloadState['kind']): Promise<void> => until(kind, () => state(id) === kind);
  const requestFor = (name: string, more: Partial<DownloadRequest> = {}): DownloadRequest =>
    rig.request(name, { path: join(rig.folder.path, 'out', name), ...more });
  /** Responses stop after some bytes until `release`. */
  const hang = (): void => {
    rig.reader.fault = () => ({ kind: 'hang', afterBytes: 30_000 });
  };
  const release = (): void => {
    rig.reader.fault = () => undefined;
  };

  beforeEach(async () => {
    rig = new EngineRig();
    for (const name of ['a', 'b', 'c']) {
      rig.put(name, seededBytes(5 * partSize, name.charCodeAt(0)));
    }
    manager = new DownloadManager(rig.deps, new OtherWindows(join(rig.folder.path, 'windows'), systemClock));
    events = [];
    manager.onDidChange((snapshot) => events.push(snapshot));
    await manager.load();
  });
  afterEach(async () => {
    await manager.shutdown();
    rig.folder.remove();
  });

  it('at most the allowed number of downloads run at once, in request order', async () => {
    rig.limits = { ...rig.limits, concurrentDownloads: 2 };
    hang();
    const ids = [];
    for (const name of ['a', 'b', 'c']) {
      ids.push(await manager.add(requestFor(name)));
    }
    assert.deepEqual(ids.map(state), ['running', 'running', 'queued']);
    release();
    await manager.cancel(ids[0] ?? '');
    assert.equal(state(ids[2] ?? ''), 'running');
  });

  it('small downloads run in addition, three per connection, and neither kind blocks the other', async () => {
    rig.limits = { ...rig.limits, concurrentDownloads: 1, maxConnections: 1 };
    hang();
    const ids = [];
    for (const name of ['a', 'b', 'small-1', 'small-2', 'small-3', 'small-4', 'small-5']) {
      rig.put(name, seededBytes(name.startsWith('small') ? 40_000 : 20 * partSize, 1));
      ids.push(
        await manager.add(
          requestFor(name, { known: { sizeBytes: name.startsWith('small') ? 40_000 : 20 * partSize, etag: '' } }),
        ),
      );
    }
    assert.deepEqual(ids.map(state), ['running', 'queued', 'running', 'running', 'running', 'queued', 'queued']);
  });

  it('downloads of one part run in addition, one per connection', async () => {
    const onePart = 2 * 1024 ** 2;
    rig.limits = { ...rig.limits, concurrentDownloads: 1, maxConnections: 2, partSizeBytes: onePart };
    hang();
    const ids = [];
    for (const [name, sizeBytes] of [
      ['large-1', onePart + 1],
      ['large-2', onePart + 1],
      ['one-1', onePart],
      ['one-2', onePart],
      ['one-3', onePart],
    ] as const) {
      rig.put(name, seededBytes(sizeBytes, 1));
      ids.push(await manager.add(requestFor(name, { known: { sizeBytes, etag: '' } })));
    }
    assert.deepEqual(ids.map(state), ['running', 'queued', 'running', 'running', 'queued']);
  });

  it('a download starts only after its first checkpoint is on disk, even if a slot becomes free earlier', async () => {
    const { store } = rig.deps;
    const save = store.save.bind(store);
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    store.save = async (header, ...rest) => {
      await (header.path.endsWith('b') ? held : undefined);
      await save(header, ...rest);
    };
    const adding = manager.add(requestFor('b'));
    await reaches(await manager.add(requestFor('a')), 'completed');
    // the order in which the two became free is not defined
    assert.deepEqual(manager.downloads.map(({ label, state: { kind } }) => `${label.at(-1)} ${kind}`).sort(), [
      'a completed',
      'b queued',
    ]);
    goOn();
    await reaches(await adding, 'completed');
  });

  it('prioritized downloads start first, the latest before the others, then the rest in order', async () => {
    rig.limits = { ...rig.limits, concurrentDownloads: 1 };
    hang();
    const ids = new Map<string, string>();
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      rig.put(name, seededBytes(20 * partSize, 1)); // too large to run beside others
      ids.set(name, await manager.add(requestFor(name)));
    }
    const idOf = (name: string): string => ids.get(name) ?? '';
    await manager.prioritize(idOf('d'));
    await manager.prioritize(idOf('e'));
    await manager.prioritize(idOf('a')); // runs already
    assert.deepEqual([...ids.values()].map(state), ['running', 'queued', 'queued', 'queued', 'queued']);
    release();
    await manager.pause(idOf('a'));
    await until('the others', () => ['b', 'c', 'd', 'e'].every((name) => state(idOf(name)) === 'completed'));
    const begun = events.filter(
      (event, index) =>
        event.state.kind === 'running' &&
        events.slice(0, index).every((earlier) => earlier.id !== event.id || earlier.state.kind !== 'running'),
    );
    assert.deepEqual(
      begun.map(({ label }) => label.at(-1)),
      ['a', 'e', 'd', 'b', 'c'],
    );
    await assert.rejects(
      manager.prioritize('nobody'),
      (error) => error instanceof AppError && error.code === 'download/notFound',
    );
  });
});
