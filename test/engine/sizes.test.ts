import assert from 'node:assert/strict';
import { mkdirSync, openSync, readFileSync, readSync, closeSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CheckpointRecord } from '../../src/download/checkpoint/checkpoint.ts';
import { newHeader } from '../../src/download/checkpoint/checkpointHeader.ts';
import { combineCrc64 } from '../../src/download/transfer/crc64.ts';
import { localSegments } from '../../src/download/files/localPath.ts';
import { PartFile } from '../../src/download/files/partFile.ts';
import { partPathOf } from '../../src/download/files/partPath.ts';
import { partRange, planParts } from '../../src/download/transfer/plan.ts';
import { awkwardKeys } from '../server/objects/sampleData.ts';
import { expectedBytes, seededCrc64 } from '../server/objects/seededObject.ts';
import { differenceFrom } from './support/compareFile.ts';
import { ServerRig } from './support/serverRig.ts';

const MiB = 1024 * 1024;
const partSize = 256 * 1024;

describe('object sizes and names', () => {
  let rig: ServerRig;
  beforeEach(async () => {
    rig = await ServerRig.start();
  });
  afterEach(() => rig.stop());

  for (const size of [0, 1, partSize - 1, partSize, partSize + 1, 2 * partSize, 3 * MiB + 1]) {
    for (const dialect of ['oss', 'plain'] as const) {
      it(`an unlisted object of ${size} bytes arrives from ${dialect === 'oss' ? 'OSS' : 'plain HTTP'}`, async () => {
        rig.server.settings.dialect = dialect;
        rig.server.store.bucket('pub').put('file', { seed: 3, sizeBytes: size });
        const request =
          dialect === 'oss'
            ? rig.request('file')
            : rig.request('file', { source: { kind: 'url', url: `${rig.server.url}/pub/file` } });
        const outcome = await rig.run('id', request);
        assert.deepEqual(outcome, { kind: 'completed', verified: dialect === 'oss' ? 'crc64' : 'size' });
        assert.equal(await differenceFrom(request.path, 3, size), undefined);
      });
    }
  }

  for (const size of [8 * MiB, 8 * MiB + 1, 20 * MiB + 1, 64 * MiB, 75 * MiB]) {
    for (const known of [false, true]) {
      it(`${known ? 'a listed' : 'an unlisted'} object of ${size} bytes has parts of automatic size`, async () => {
        rig.limits = { ...rig.limits, partSizeBytes: 'auto', stallTimeoutMs: 5000 };
        rig.server.store.bucket('pub').put('file', { seed: 3, sizeBytes: size });
        const request = rig.request('file', known ? { known: rig.known('file') } : {});
        assert.deepEqual(await rig.run('id', request), { kind: 'completed', verified: 'crc64' });
        assert.equal(await differenceFrom(request.path, 3, size), undefined);
        const plan = planParts(size, 'auto', known ? 0 : 8 * MiB);
        const asked = Array.from({ length: plan.partCount }, (_, index) => partRange(plan, index)).map(
          ({ start, end }) => `bytes=${start}-${known || start > 0 ? end - 1 : 8 * MiB - 1}`,
        );
        assert.deepEqual(rig.server.requests.entries.map(({ range }) => range).sort(), asked.sort());
      });
    }
  }

  it('a listed object of one part takes one request and no HEAD', async () => {
    rig.server.store.bucket('pub').put('file', { seed: 3, sizeBytes: partSize });
    await rig.run('id', rig.request('file', { known: rig.known('file') }));
    assert.deepEqual(
      rig.server.requests.entries.map((entry) => [entry.method, entry.range]),
      [['GET', `bytes=0-${partSize - 1}`]],
    );
  });

  /**
   * Huge objects without moving them: everything but a few parts is claimed by the checkpoint of an ended session,
   * whose part file is sparse. What is fetched must land in the right place, and the whole CRC-64 must come out right.
   */
  for (const [what, size, partSizeBytes] of [
    ['above 4 GiB', 5 * 1024 * MiB + 12_345, 8 * MiB],
    ['of 10,000 parts', 10_000 * MiB - 777, MiB],
  ] as const) {
    it(`an object ${what} is finished`, async () => {
      rig.limits = { ...rig.limits, partSizeBytes, stallTimeoutMs: 5000 };
      rig.server.store.bucket('pub').put('huge', { seed: 9, sizeBytes: size });
      const request = rig.request('huge', { known: rig.known('huge') });
      const plan = planParts(size, partSizeBytes);
      const fetched = [0, Math.floor(plan.partCount / 2), plan.partCount - 2];
      mkdirSync(dirname(request.path), { recursive: true });
      const file = await PartFile.create(partPathOf(request.path), size);
      const seal = await file.seal(5000);
      await file.close();
      const whole = seededCrc64(9, size);
      const records: CheckpointRecord[] = [];
      let before = 0n;
      for (let index = 0; index < plan.partCount; index += 1) {
        const { start, end } = partRange(plan, index);
        const isFetched = fetched.includes(index);
        // The claims may be false, because nothing is read back: the last one makes the total right.
        const claimed = index === plan.partCount - 1 ? whole ^ combineCrc64(before, 0n, end - start) : 0n;
        const crc64 = isFetched ? rig.deps.crc64.of(expectedBytes(9, start, end)) : claimed;
        before = combineCrc64(before, crc64, end - start);
        if (!isFetched) {
          records.push({ kind: 'part', index, bytesDone: end - start, crc64 });
        }
      }
      const object = {
        sizeBytes: size,
        partSizeBytes: plan.partSizeBytes,
        ranges: true,
        etag: rig.known('huge').etag,
        crc64: whole.toString(),
        validator: { kind: 'ifMatch', etag: rig.known('huge').etag },
      } as const;
      await rig.deps.store.save({ ...newHeader('id', 0, request), object }, [
        ...records,
        { kind: 'stopped', reason: 'paused', seal },
      ]);

      const began = performance.now();
      await rig.deps.store.load('id');
      // The target is 50 on an idle machine
      console.log(`      its checkpoint loads in ${(performance.now() - began).toFixed(0)} ms`);

      assert.deepEqual(await rig.run('id', request), { kind: 'completed', verified: 'crc64' }, rig.log.join('\n'));
      assert.equal(statSync(request.path).size, size);
      for (const index of fetched) {
        const { start, end } = partRange(plan, index);
        assert.ok(bytesAt(request.path, start, end - start).equals(expectedBytes(9, start, end)), `part ${index}`);
      }
      assert.equal(rig.server.requests.entries.length, fetched.length);
    }).timeout(60_000);
  }

  it('every awkward key is downloaded to a path of its own', async () => {
    const paths = new Set<string>();
    for (const [index, key] of awkwardKeys.entries()) {
      rig.server.store.bucket('pub').put(key, { text: key });
      const path = join(rig.folder.path, 'keys', String(index), ...localSegments(key));
      const outcome = await rig.run(`id-${index}`, { ...rig.request(key), path });
      assert.equal(outcome.kind, 'completed', `${JSON.stringify(key)} ${JSON.stringify(outcome)}`);
      assert.equal(readFileSync(path, 'utf8'), key);
      paths.add(localSegments(key).join('/'));
    }
    assert.equal(paths.size, awkwardKeys.length);
  });

  it('a file can have the longest name that the file system allows, and no longer one', async () => {
    rig.server.store.bucket('pub').put('file', { text: 'content' });
    const path = join(rig.folder.path, '\u00e9'.repeat(127) + 'x');
    assert.equal((await rig.run('id', { ...rig.request('file'), path })).kind, 'completed');
    assert.equal(readFileSync(path, 'utf8'), 'content');
    const tooLong = await rig.run('id2', { ...rig.request('file'), path: `${path}x` });
    assert.ok(tooLong.kind === 'failed' && tooLong.error.code === 'input/invalidPath');
  });
});

function bytesAt(path: string, start: number, length: number): Buffer {
  const file = openSync(path, 'r');
  const bytes = Buffer.alloc(length);
  readSync(file, bytes, 0, length, start);
  closeSync(file);
  return bytes;
}
