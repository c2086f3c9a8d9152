import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { AppError } from '../../src/base/errors.ts';
import { LeaseFolder } from '../../src/download/windows/lease.ts';
import { BatchRig, batchIn, reaches } from '../support/batchRig.ts';
import type { RigWindow } from '../support/batchRig.ts';
import { until } from '../support/poll.ts';

/** Two managers on one storage, as in two windows of the editor. */
describe('a batch of another window', function () {
  this.timeout(60_000);
  let rig: BatchRig;
  let owner: RigWindow;
  let other: RigWindow;
  let id: string;

  beforeEach(async () => {
    rig = new BatchRig();
    for (let number = 0; number < 40; number += 1) {
      rig.put(`f/${String(number).padStart(3, '0')}`);
    }
    rig.engine.reader.fault = ({ url }) =>
      url > 'memory://bucket/f/009' ? { kind: 'hang', afterBytes: 1 } : undefined;
    owner = await rig.open();
    other = await rig.open();
    id = await owner.batches.add(rig.request());
    await until('ten done', () => batchIn(owner, id)?.done === 10);
    await reaches(other, id, 'running');
  });
  afterEach(() => rig.close());

  it('a batch of another window can be paused from here with its active downloads, and resumed here', async () => {
    await other.batches.pause(id);
    assert.equal(batchIn(other, id)?.state.kind, 'paused');
    await reaches(owner, id, 'paused');
    assert.ok(owner.manager.downloads.every(({ state }) => state.kind === 'paused'));
    assert.deepEqual(requests(), []);

    rig.engine.reader.fault = () => undefined;
    await other.batches.resume(id);
    await reaches(other, id, 'finished');
    assert.equal(Object.keys(rig.files()).length, 40);
    await until('seen there', () => batchIn(owner, id)?.done === 40);
  });

  it('a batch of another window can be cancelled from here, and only its finished files stay', async () => {
    await other.batches.cancel(id);
    assert.equal(batchIn(other, id), undefined);
    await until('forgotten there', () => batchIn(owner, id) === undefined);
    assert.equal(Object.keys(rig.files()).length, 10);
    assert.deepEqual([owner.manager.downloads, readdirSync(join(rig.engine.folder.path, 'batches'))], [[], []]);
    await until('its downloads forgotten here', () => other.manager.downloads.length === 0);
    assert.deepEqual(requests(), []);
  });

  it('a cancel is carried out here if the other window closes before it receives it', async () => {
    const cancelling = other.batches.cancel(id);
    await owner.shutdown();
    await cancelling;
    assert.equal(batchIn(other, id), undefined);
    assert.deepEqual(readdirSync(join(rig.engine.folder.path, 'batches')), []);
  });

  it('a batch stays unchanged, with a message, if its window does not respond', async () => {
    await owner.batches.pause(id);
    await reaches(other, id, 'paused');
    const path = join(rig.engine.folder.path, 'batches', `${id}.batch`);
    const lease = await new LeaseFolder(join(rig.engine.folder.path, 'leases'), systemClock).acquire(
      path,
      new AbortController().signal,
    );
    try {
      await reaches(other, id, 'running');
      await assert.rejects(
        other.batches.pause(id),
        (error) => error instanceof AppError && error.code === 'download/ownedElsewhere',
      );
      await assert.rejects(
        other.batches.cancel(id),
        (error) => error instanceof AppError && error.code === 'download/ownedElsewhere',
      );
      assert.deepEqual(requests(), []);
    } finally {
      await lease.release();
    }
  });

  /** Requests for the batch that no window has taken. */
  function requests(): readonly string[] {
    return readdirSync(join(rig.engine.folder.path, 'windows')).filter((name) => name.startsWith(id));
  }
});
