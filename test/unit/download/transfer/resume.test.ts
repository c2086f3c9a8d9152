import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { StopRequest } from '../../../../src/download/transfer/runDownload.ts';
import { EngineRig } from '../../../support/engineRig.ts';
import { seededBytes, seededRandom } from '../../../support/random.ts';

/**
 * Kills a session after so many chunks: what is on disk at that moment is set aside, the session is ended,
 * and the disk is put back as it was. (Real processes are killed in test/engine.)
 */
async function killAfter(
  chunks: number,
  rig: EngineRig,
  run: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const stop = new AbortController();
  const aside = join(rig.folder.path, 'aside');
  const kept = ['target', 'storage'];
  let left = chunks;
  rig.reader.beforeChunk = () => {
    left -= 1;
    if (left === 0) {
      kept
        .filter((name) => existsSync(join(rig.folder.path, name)))
        .forEach((name) => cpSync(join(rig.folder.path, name), join(aside, name), { recursive: true }));
      stop.abort(new StopRequest('interrupt'));
    }
  };
  await run(stop.signal);
  rig.reader.beforeChunk = () => undefined;
  if (stop.signal.aborted) {
    for (const name of kept) {
      rmSync(join(rig.folder.path, name), { recursive: true, force: true });
      if (existsSync(join(aside, name))) {
        cpSync(join(aside, name), join(rig.folder.path, name), { recursive: true });
      }
    }
    rmSync(aside, { recursive: true, force: true });
  }
}

describe('resuming', () => {
  it('a resume from any kill point gives the same bytes, for any part size, chunks, cuts and order', async function () {
    this.timeout(60_000);
    const scenario = fc.record({
      size: fc.nat({ max: 300_000 }),
      partSizeBytes: fc.integer({ min: 5_000, max: 100_000 }),
      kills: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 4 }),
      seed: fc.nat(),
      crc: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ size, partSizeBytes, kills, seed, crc }) => {
        const rig = new EngineRig();
        try {
          const random = seededRandom(seed);
          const bytes = seededBytes(size, seed);
          rig.limits = { ...rig.limits, partSizeBytes };
          rig.put('a', bytes);
          if (!crc) {
            rig.reader.objects.set('memory://bucket/a', { bytes, etag: '"e"' });
          }
          rig.reader.chunkBytes = () => 1 + Math.floor(random() * 20_000);
          rig.reader.fault = () =>
            random() < 0.15 ? { kind: 'cut', afterBytes: Math.floor(random() * partSizeBytes) } : undefined;
          for (const chunks of kills) {
            await killAfter(chunks, rig, (signal) => rig.run('id', rig.request('a', { overwrite: true }), signal));
          }
          rig.reader.fault = () => undefined;
          assert.deepEqual(await rig.run('id', rig.request('a', { overwrite: true })), {
            kind: 'completed',
            verified: crc ? 'crc64' : 'size',
          });
          assert.ok(readFileSync(rig.target).equals(bytes));
          assert.ok(!existsSync(`${rig.target}.ossdownload`));
        } finally {
          rig.folder.remove();
        }
      }),
      { numRuns: 40 },
    );
  });

  it('a pause causes no byte to be requested again, for parts of any size', async () => {
    const rig = new EngineRig();
    try {
      rig.limits = { ...rig.limits, partSizeBytes: 'auto' };
      const bytes = seededBytes(11 * 1024 ** 2 + 1, 1);
      rig.put('a', bytes);
      const known = { sizeBytes: bytes.length, etag: '' };
      const stop = new AbortController();
      rig.reader.beforeChunk = () => {
        if (rig.reader.bytesSent > bytes.length / 2) {
          stop.abort(new StopRequest('pause'));
        }
      };
      assert.deepEqual(await rig.run('id', rig.request('a', { known }), stop.signal), { kind: 'stopped' });
      rig.reader.beforeChunk = () => undefined;
      const before = rig.reader.requests.length;
      assert.deepEqual(await rig.run('id', rig.request('a', { known })), { kind: 'completed', verified: 'crc64' });
      assert.ok(readFileSync(rig.target).equals(bytes));
      assert.equal(rig.reader.bytesSent, bytes.length);
      assert.ok(before > 2 && rig.reader.requests.length > before);
    } finally {
      rig.folder.remove();
    }
  });
});
