import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { StopRequest } from '../../../../src/download/transfer/runDownload.ts';
import { breakDisk, systemError } from '../../../support/brokenDisk.ts';
import { until } from '../../../support/poll.ts';
import { EngineRig } from '../../../support/engineRig.ts';
import { seededBytes } from '../../../support/random.ts';

const partSize = 64 * 1024;
const partCount = 6;

/** Fails only for the unfinished file, as if its checkpoint were on another disk. */
function ofPart(code: string): (path: string) => Error | undefined {
  return (path) => (path.endsWith('.ossdownload') ? systemError(code) : undefined);
}

describe('runDownload on a disk that fails', () => {
  const bytes = seededBytes(partCount * partSize, 31);
  let rig: EngineRig;
  let disk: { mend(): void } | undefined;
  beforeEach(() => {
    rig = new EngineRig();
    rig.put('a', bytes);
  });
  afterEach(() => {
    disk?.mend();
    disk = undefined;
    rig.folder.remove();
  });

  /** Runs the next session on a working disk and checks the file. @returns the number of received bytes */
  async function resumed(): Promise<number> {
    disk?.mend();
    const before = rig.reader.bytesSent;
    assert.deepEqual(await rig.run('id', rig.request('a')), { kind: 'completed', verified: 'crc64' });
    assert.ok(readFileSync(rig.target).equals(bytes));
    return rig.reader.bytesSent - before;
  }

  for (const code of ['ENOSPC', 'EIO', 'EDQUOT']) {
    it(`all bytes are fetched again after a sync failed with ${code}, which is reported once`, async () => {
      disk = await breakDisk({ sync: ofPart(code) });
      const outcome = await rig.run('id', rig.request('a'));
      assert.ok(outcome.kind === 'failed' && outcome.error.code.startsWith('disk/'));
      assert.ok(!existsSync(rig.target));
      assert.equal(await resumed(), bytes.length);
    });
  }

  it('claims of a pause whose sync failed are ignored', async () => {
    disk = await breakDisk({ sync: ofPart('EIO') });
    const stop = new AbortController();
    rig.reader.fault = (_request, attempt) => (attempt > 3 ? { kind: 'hang', afterBytes: 1000 } : undefined);
    const running = rig.run('id', rig.request('a'), stop.signal);
    await until('the connections hang', () => rig.reader.requests.length > 3);
    stop.abort(new StopRequest('pause'));
    assert.equal((await running).kind, 'stopped');
    rig.reader.fault = () => undefined;
    assert.equal(await resumed(), bytes.length);
  });

  for (const code of ['EISDIR', 'EPERM', 'ENOTSUP', 'EACCES', 'EMLINK']) {
    it(`the final name is given by a rename if a hard link fails with ${code}`, async () => {
      disk = await breakDisk({ link: () => systemError(code) });
      assert.equal((await rig.run('id', rig.request('a'))).kind, 'completed');
      assert.ok(readFileSync(rig.target).equals(bytes));
      assert.ok(!existsSync(`${rig.target}.ossdownload`));
    });
  }

  it('a download completes even if its temporary name cannot be removed', async () => {
    disk = await breakDisk({ unlink: (path) => (path.endsWith('.ossdownload') ? systemError('EBUSY') : undefined) });
    assert.deepEqual(await rig.run('id', rig.request('a')), { kind: 'completed', verified: 'crc64' });
    assert.ok(readFileSync(rig.target).equals(bytes));
  });

  it('a failure of the last step is recorded: a restart shows it and fetches nothing again', async () => {
    const link = (_from: string, to: string): undefined => {
      if (!existsSync(to)) writeFileSync(to, 'of somebody else');
    };
    disk = await breakDisk({ link });
    const outcome = await rig.run('id', rig.request('a'));
    assert.ok(outcome.kind === 'failed' && outcome.error.code === 'disk/targetExists');
    const checkpoint = await rig.deps.store.load('id');
    assert.ok(checkpoint?.state?.kind === 'failed' && checkpoint.state.code === 'disk/targetExists');
    assert.equal(readFileSync(rig.target, 'utf8'), 'of somebody else');
    rmSync(rig.target);
    assert.equal(await resumed(), 0);
  });

  it('a commit without hard links that a crash interrupted is finished by the next session', async () => {
    disk = await breakDisk({
      link: () => systemError('EPERM'),
      // The process dies after it reserved the final name with an empty file.
      rename: (_from, to) => (to === rig.target ? systemError('EIO') : undefined),
      unlink: (path) => (path === rig.target ? systemError('EIO') : undefined),
    });
    const stopped = await rig.run('id', rig.request('a'));
    assert.equal(stopped.kind, 'failed');
    assert.equal(readFileSync(rig.target).length, 0);
    const checkpoint = await rig.deps.store.load('id');
    assert.ok(checkpoint);
    await rig.deps.store.save(checkpoint.header, [...checkpoint.parts.values(), { kind: 'committing' }]);
    assert.equal(await resumed(), 0);
  });

  it('a file that another program has open for a moment is committed when it is free again', async () => {
    let locked = 3;
    const busy = (): Error | undefined => (locked-- > 0 ? systemError('EBUSY') : undefined);
    disk = await breakDisk({ link: busy });
    assert.deepEqual(await rig.run('id', rig.request('a')), { kind: 'completed', verified: 'crc64' });
    assert.ok(locked < 0);
    assert.ok(readFileSync(rig.target).equals(bytes));
  });
});
