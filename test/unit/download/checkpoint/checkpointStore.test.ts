import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useFakeTimers } from 'sinon';
import { AppError } from '../../../../src/base/errors.ts';
import { silentLogger } from '../../../support/silentLogger.ts';
import type { PartRecord } from '../../../../src/download/checkpoint/checkpoint.ts';
import { newHeader } from '../../../../src/download/checkpoint/checkpointHeader.ts';
import type { CheckpointHeader } from '../../../../src/download/checkpoint/checkpointHeader.ts';
import { CheckpointStore } from '../../../../src/download/checkpoint/checkpointStore.ts';
import { until } from '../../../support/poll.ts';
import { tempFolder } from '../../../support/tempFolder.ts';
import type { TempFolder } from '../../../support/tempFolder.ts';
import { noSeal } from '../../../../src/download/files/fileSeal.ts';

const object = { sizeBytes: 100, partSizeBytes: 10, ranges: true } as const;
const part = (index: number, bytesDone: number): PartRecord => ({
  kind: 'part',
  index,
  bytesDone,
  crc64: BigInt(bytesDone),
});

describe('CheckpointStore', () => {
  let folder: TempFolder;
  let store: CheckpointStore;
  let log: string[];
  const path = (id: string): string => join(folder.path, `${id}.checkpoint`);
  const header = (id: string, createdMs = 0): CheckpointHeader => ({
    ...newHeader(id, createdMs, {
      source: { kind: 'oss', object: { profile: 'p', bucket: 'b', key: id } },
      path: `/x/${id}`,
      overwrite: false,
    }),
    object,
  });
  const parts = async (id: string): Promise<PartRecord[]> => [...((await store.load(id))?.parts.values() ?? [])];

  beforeEach(() => {
    folder = tempFolder();
    log = [];
    store = new CheckpointStore(folder.path, { log: (_level, message) => void log.push(message) }, 20);
  });
  afterEach(() => folder.remove());

  it('the store loads all checkpoints, oldest first, and reports unreadable files without touching them', async () => {
    await store.save(header('new', 2), []);
    await store.save(header('old', 1), []);
    writeFileSync(path('garbled'), 'OSSDLCP\nnonsense');
    writeFileSync(join(folder.path, 'old.checkpoint.new'), 'left by a crash');
    assert.deepEqual(
      (await store.loadAll()).map((checkpoint) => checkpoint.header.id),
      ['old', 'new'],
    );
    assert.equal(log.length, 1);
    assert.match(log[0] ?? '', /garbled\.checkpoint/u);
    assert.equal(readFileSync(path('garbled'), 'latin1'), 'OSSDLCP\nnonsense');
  });

  it('half-written files of a crash are removed, but not those that another window may be writing', async () => {
    await store.save(header('a'), []);
    const [left, fresh] = ['left', 'fresh'].map((id) => `${path(id)}.new`);
    writeFileSync(left ?? '', 'half');
    writeFileSync(fresh ?? '', 'half');
    const twoMinutesAgo = Date.now() / 1000 - 120;
    utimesSync(left ?? '', twoMinutesAgo, twoMinutesAgo);
    await store.loadAll();
    assert.deepEqual(readdirSync(folder.path).sort(), ['a.checkpoint', 'fresh.checkpoint.new']);
  });

  it('a single claim is written within a second, so that a kill loses no more', async () => {
    const clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const usual = new CheckpointStore(folder.path, silentLogger);
      const journal = await usual.start(header('a'), []);
      journal.note(part(3, 7));
      assert.deepEqual(await parts('a'), []);
      clock.tick(1000);
      await journal.close(); // what is not on its way to the disk by now is dropped
      assert.deepEqual(await parts('a'), [part(3, 7)]);
    } finally {
      clock.restore();
    }
  });

  it('a checkpoint under the name of another download is ignored', async () => {
    await store.save(header('a'), []);
    writeFileSync(path('b'), readFileSync(path('a')));
    await assert.rejects(
      store.load('b'),
      (error) => error instanceof AppError && error.code === 'checkpoint/unreadable',
    );
  });

  it('a removed checkpoint is gone, and removing it twice is allowed', async () => {
    await store.save(header('a'), []);
    await store.remove('a');
    await store.remove('a');
    assert.equal(await store.load('a'), undefined);
    assert.deepEqual(readdirSync(folder.path), []);
  });

  it('checkpoint files are readable only by their owner', async function () {
    if (process.platform === 'win32') this.skip();
    await store.save(header('a'), []);
    assert.equal(statSync(path('a')).mode & 0o077, 0);
  });

  it('a state written outside a session keeps the claims without confirming them', async () => {
    await store.save(header('a'), [{ kind: 'started' }, part(3, 10)]);
    await store.mark(header('a'), { kind: 'stopped', reason: 'paused' });
    const marked = await store.load('a');
    assert.deepEqual(marked?.state, { kind: 'stopped', reason: 'paused', seal: noSeal });
    assert.deepEqual(await parts('a'), [part(3, 10)]);
    await store.save(header('a'), [part(3, 10), { kind: 'stopped', reason: 'interrupted', seal: 7n }]);
    await store.mark(header('a'), { kind: 'failed', code: 'disk/missing', canResume: true });
    assert.deepEqual((await store.load('a'))?.state, {
      kind: 'failed',
      code: 'disk/missing',
      canResume: true,
      seal: 7n,
    });
  });

  describe('during a session', () => {
    it('the newest claim of each part is written together with the others, after a short delay', async () => {
      const journal = await store.start(header('a'), [{ kind: 'started' }]);
      const before = statSync(path('a')).size;
      for (let bytes = 1; bytes <= 7; bytes += 1) {
        journal.note(part(1, bytes));
        journal.note(part(2, bytes));
      }
      assert.equal(statSync(path('a')).size, before);
      await until('the records', () => statSync(path('a')).size === before + 2 * 40);
      assert.deepEqual(await parts('a'), [part(1, 7), part(2, 7)]);
      await journal.close();
    });

    it('sixteen claims are written at once, so that a fast connection loses no more than a slow one', async () => {
      const patient = new CheckpointStore(folder.path, { log: () => undefined }, 3_600_000);
      const journal = await patient.start(header('a'), []);
      for (let bytes = 1; bytes <= 15; bytes += 1) {
        journal.note(part(0, bytes));
      }
      assert.deepEqual(await parts('a'), []);
      journal.note(part(1, 1));
      const size = statSync(path('a')).size;
      await until('the claims to be written', () => statSync(path('a')).size > size);
      assert.deepEqual(await parts('a'), [part(0, 15), part(1, 1)]);
      await journal.close();
    });

    it('pending claims are written before the state that follows them', async () => {
      const journal = await store.start(header('a'), [{ kind: 'started' }]);
      journal.note(part(1, 5));
      await journal.flush({ kind: 'committing' });
      await journal.close();
      const loaded = await store.load('a');
      assert.equal(loaded?.state?.kind, 'committing');
      assert.deepEqual(await parts('a'), [part(1, 5)]);
    });

    it('a closed session writes nothing', async () => {
      const journal = await store.start(header('a'), [{ kind: 'started' }]);
      journal.note(part(1, 5));
      await journal.close();
      await new Promise((resolve) => setTimeout(resolve, 40)); // longer than claims wait
      assert.deepEqual(await parts('a'), []);
    });

    it('a torn end is cut off before new records are appended', async () => {
      await store.save(header('a'), [part(1, 5), part(2, 5)]);
      truncateSync(path('a'), statSync(path('a')).size - 1);
      const kept = await parts('a');
      const journal = await store.start(header('a'), kept);
      journal.note(part(3, 5));
      await journal.flush();
      await journal.close();
      assert.deepEqual(await parts('a'), [part(1, 5), part(3, 5)]);
      assert.equal((await store.load('a'))?.torn, false);
    });
  });
});
