import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemClock } from '../../../../src/base/clock.ts';
import { DownloadManager } from '../../../../src/download/queue/downloadManager.ts';
import { OtherWindows } from '../../../../src/download/windows/otherWindows.ts';
import { verifyFile } from '../../../../src/download/transfer/verifyFile.ts';
import { EngineRig } from '../../../support/engineRig.ts';
import { until } from '../../../support/poll.ts';
import { seededBytes } from '../../../support/random.ts';

const never = new AbortController().signal;
const bytes = seededBytes(3 * 1024 * 1024 + 17, 1);

describe('verifying a finished file again', () => {
  let rig: EngineRig;
  let manager: DownloadManager;
  beforeEach(async () => {
    rig = new EngineRig();
    manager = new DownloadManager(rig.deps, new OtherWindows(join(rig.folder.path, 'windows'), systemClock));
    await manager.load();
  });
  afterEach(async () => {
    await manager.shutdown();
    rig.folder.remove();
  });

  async function downloaded(facts: Parameters<EngineRig['put']>[2] = {}): Promise<string> {
    rig.put('a', bytes, facts);
    const id = await manager.add(rig.request('a'));
    await until('completed', () => manager.downloads[0]?.state.kind === 'completed');
    return id;
  }

  it('an intact file verifies, also after a restart', async () => {
    const id = await downloaded();
    assert.equal(await manager.verify(id, never), 'intact');
    await manager.shutdown();
    manager = new DownloadManager(rig.deps, new OtherWindows(join(rig.folder.path, 'windows'), systemClock));
    await manager.load();
    assert.equal(await manager.verify(id, never), 'intact');
  });

  it('a changed byte, an extra byte and a missing file are detected', async () => {
    const id = await downloaded();
    const flipped = Buffer.from(bytes);
    flipped[2_000_000] = (flipped[2_000_000] ?? 0) ^ 1;
    writeFileSync(rig.target, flipped);
    assert.equal(await manager.verify(id, never), 'changed');
    writeFileSync(rig.target, Buffer.concat([bytes, Buffer.of(0)]));
    assert.equal(await manager.verify(id, never), 'changed');
    rmSync(rig.target);
    assert.equal(await manager.verify(id, never), 'missing');
  });

  it('the result names what could not be compared', async () => {
    assert.equal(await verifyFile(written(), { sizeBytes: bytes.length }, rig.deps.crc64, never), 'sameSize');
    assert.equal(await verifyFile(written(), undefined, rig.deps.crc64, never), 'unknown');
  });

  it('an aborted verification ends', async () => {
    const reason = new Error('enough');
    await assert.rejects(
      verifyFile(written(), { sizeBytes: bytes.length, crc64: '1' }, rig.deps.crc64, AbortSignal.abort(reason)),
      reason,
    );
  });

  it('an unfinished download cannot be verified', async () => {
    rig.put('a', bytes);
    rig.reader.fault = () => ({ kind: 'hang', afterBytes: 1000 });
    const id = await manager.add(rig.request('a'));
    await assert.rejects(manager.verify(id, never), /only a finished download/);
  });

  function written(): string {
    mkdirSync(dirname(rig.target), { recursive: true });
    writeFileSync(rig.target, bytes);
    return rig.target;
  }
});
