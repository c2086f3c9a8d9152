import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DownloadRequest } from '../../src/download/model.ts';
import { differenceFrom } from './support/compareFile.ts';
import { ServerRig } from './support/serverRig.ts';

const MiB = 1024 * 1024;
const sizeBytes = 6 * MiB;

/** A small disk image, mounted if the test has permission. */
describe('disk problems', () => {
  let rig: ServerRig;
  let disk: string;
  let request: DownloadRequest;

  beforeEach(async function () {
    rig = await ServerRig.start();
    disk = join(rig.folder.path, 'disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${9 * MiB}`, 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      await rig.stop();
      console.log('      skipped: this user may not mount a small disk (needs Linux and root)');
      this.skip();
    }
    rig.server.store.bucket('pub').put('file', { seed: 1, sizeBytes });
    request = { ...rig.request('file', { known: rig.known('file') }), path: join(disk, 'file') };
  });
  afterEach(async function () {
    // undefined, not false, for a test that ran
    if (this.currentTest?.isPending() !== true) {
      execFileSync('umount', ['-l', disk]); // lazily: a test that failed may still have a file open
      await rig.stop();
    }
  });

  it('a disk that is too small fails the download before a byte is written', async () => {
    writeFileSync(join(disk, 'filler'), Buffer.alloc(4 * MiB));
    const outcome = await rig.run('id', request);
    assert.ok(outcome.kind === 'failed' && outcome.error.code === 'disk/full' && outcome.canResume);
    assert.ok(!existsSync(`${request.path}.ossdownload`));
  });

  it('a disk that fills up half-way stops the download, which continues when there is space', async () => {
    rig.server.settings.bytesPerSecond = 2 * MiB;
    let arrived = 0;
    const outcome = await rig.run('id', request, undefined, {
      onBytes: (bytes) => {
        arrived += bytes;
        // one received block per connection may still be unwritten
        if (arrived > 3 * MiB && !existsSync(join(disk, 'filler'))) {
          try {
            writeFileSync(join(disk, 'filler'), Buffer.alloc(9 * MiB));
          } catch {
            // as many bytes as fit on the disk
          }
        }
      },
    });
    assert.ok(
      outcome.kind === 'failed' && outcome.error.code === 'disk/full' && outcome.canResume,
      JSON.stringify(outcome),
    );
    assert.ok(existsSync(`${request.path}.ossdownload`));
    rmSync(join(disk, 'filler'));
    rig.server.settings.bytesPerSecond = 0;
    await rig.settled();
    rig.server.requests.clear();
    assert.deepEqual(await rig.run('id', request), { kind: 'completed', verified: 'crc64' });
    assert.equal(await differenceFrom(request.path, 1, sizeBytes), undefined);
    assert.ok(rig.sentBytes('file') < sizeBytes - MiB, 'what was there was not fetched again');
  });

  it('a read-only disk is reported as such', async () => {
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const outcome = await rig.run('id', request);
    assert.ok(
      outcome.kind === 'failed' &&
        outcome.error.code === 'disk/denied' &&
        outcome.error.details.subject?.startsWith(disk),
      JSON.stringify(outcome),
    );
  });

  it('a disk that turns read-only half-way keeps the bytes of the download', async () => {
    await rig.runUntil(3 * MiB, 'id', request);
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    const outcome = await rig.run('id', request);
    assert.ok(outcome.kind === 'failed' && outcome.error.code === 'disk/denied', JSON.stringify(outcome));
    execFileSync('mount', ['-o', 'remount,rw', disk]);
    assert.deepEqual(await rig.run('id', request), { kind: 'completed', verified: 'crc64' });
    assert.equal(await differenceFrom(request.path, 1, sizeBytes), undefined);
  });
});
