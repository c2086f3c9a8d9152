import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../../../../src/base/errors.ts';
import { newHeader } from '../../../../src/download/checkpoint/checkpointHeader.ts';
import { runDownload, StopRequest } from '../../../../src/download/transfer/runDownload.ts';
import type { Outcome } from '../../../../src/download/transfer/runDownload.ts';
import type { DownloadRequest } from '../../../../src/download/model.ts';
import { discardOwnParts, isOwnPartOf, ownPartPathOf } from '../../../../src/download/files/partPath.ts';
import { EngineRig } from '../../../support/engineRig.ts';
import type { MemoryFault } from '../../../support/memoryReader.ts';
import { until } from '../../../support/poll.ts';
import { seededBytes } from '../../../support/random.ts';

const bytes = seededBytes(40_000, 3);
const other = seededBytes(30_000, 4);

describe('a small object of a batch', () => {
  let rig: EngineRig;
  let etag: string;
  let received: number;
  beforeEach(() => {
    rig = new EngineRig();
    rig.put('key', bytes);
    etag = rig.reader.objects.get('memory://bucket/key')?.etag ?? '';
    received = 0;
  });
  afterEach(() => rig.folder.remove());

  const download = async (
    more: Partial<DownloadRequest> = {},
    signal = new AbortController().signal,
  ): Promise<Outcome> => {
    const header = newHeader(
      'id',
      0,
      rig.request('key', { batch: 'batch', known: { sizeBytes: bytes.length, etag }, ...more }),
    );
    const observer = {
      onPhase: () => undefined,
      onSize: (_bytesTotal: number | undefined, bytesDone: number) => (received = bytesDone),
      onBytes: (count: number) => (received += count),
    };
    return runDownload({ header, isNew: true }, rig.deps, observer, signal);
  };
  const filesThere = (): readonly string[] => readdirSync(dirname(rig.target)).sort();
  const completes = async (content: Uint8Array, more: Partial<DownloadRequest> = {}): Promise<void> => {
    assert.deepEqual(await download(more), { kind: 'completed', verified: 'crc64' });
    assert.ok(readFileSync(rig.target).equals(content));
    assert.deepEqual(filesThere(), [basename(rig.target)]);
    assert.equal(received, content.length);
  };
  const failOnce = (fault: MemoryFault): void => {
    rig.reader.fault = (_request, attempt) => (attempt === 1 ? fault : undefined);
  };

  it('a small object takes one request for the listed version, and no record of its own', async () => {
    await completes(bytes);
    assert.deepEqual(
      rig.reader.requests.map(({ range, validator }) => [range, validator]),
      [[undefined, { kind: 'ifMatch', etag }]],
    );
    assert.deepEqual([...(await rig.deps.store.ids().catch(() => []))], []);
  });

  it('a small object may be empty', async () => {
    rig.put('key', Buffer.alloc(0));
    etag = rig.reader.objects.get('memory://bucket/key')?.etag ?? '';
    await completes(Buffer.alloc(0), { known: { sizeBytes: 0, etag } });
  });

  it('a small file gets the modification time of its object on request', async () => {
    await completes(bytes, { preserveModified: true });
    assert.equal(statSync(rig.target).mtimeMs, Date.UTC(2026, 10, 22, 6));
  });

  for (const [name, fault, requests] of [
    ['is cut', { kind: 'cut', afterBytes: 1000 }, 2],
    ['has one bit that is another one', { kind: 'flip', at: 20_000 }, 2],
    [
      'fails with what may pass',
      { kind: 'fail', error: new AppError('server/failed', 'once', { retryable: true }) },
      2,
    ],
    ['describes another object', { kind: 'describe', object: { etag: '"other"' } }, 2],
    ['has no ETag', { kind: 'describe', object: { etag: undefined } }, 2],
  ] satisfies readonly [string, MemoryFault, number][]) {
    it(`a small object arrives intact if the first response ${name}`, async () => {
      failOnce(fault);
      await completes(bytes);
      assert.equal(rig.reader.requests.length, requests);
    });
  }

  it('a small object that was replaced since the listing arrives in its current version', async () => {
    rig.put('key', other);
    await completes(other);
  });

  it('a small object is never put in place with a wrong CRC-64', async () => {
    rig.reader.fault = () => ({ kind: 'flip', at: 7 });
    const outcome = await download();
    assert.equal(outcome.kind === 'failed' && outcome.error.code, 'object/corrupt');
    assert.ok(!filesThere().includes(basename(rig.target)));
  });

  it('a small object leaves no file behind when it is aborted', async () => {
    rig.reader.fault = () => ({ kind: 'hang', afterBytes: 1000 });
    const controller = new AbortController();
    const running = download({}, controller.signal);
    await until('some bytes', () => received > 0);
    controller.abort(new StopRequest('pause'));
    assert.deepEqual(await running, { kind: 'stopped' });
    assert.equal(received, 0);
    assert.throws(filesThere, { code: 'ENOENT' });
  });

  it('a small object never replaces a file that appears meanwhile, and accepts an identical one', async () => {
    mkdirSync(dirname(rig.target), { recursive: true });
    writeFileSync(rig.target, other);
    const outcome = await download();
    assert.equal(outcome.kind === 'failed' && outcome.error.code, 'disk/targetExists');
    assert.ok(readFileSync(rig.target).equals(other));
    assert.deepEqual(filesThere(), [basename(rig.target)]);
    writeFileSync(rig.target, bytes);
    received = 0;
    await completes(bytes);
    writeFileSync(rig.target, other);
    received = 0;
    await completes(bytes, { overwrite: true });
  });

  it('a leftover of an earlier process is ignored, and removed by the next session', async () => {
    const left = `${rig.target}~0123abcd.ossdownload`;
    mkdirSync(dirname(rig.target), { recursive: true });
    writeFileSync(left, 'half');
    writeFileSync(`${rig.target}~a name.ossdownload`, 'not ours');
    assert.deepEqual(await download(), { kind: 'completed', verified: 'crc64' });
    assert.equal(readFileSync(left, 'utf8'), 'half');
    await discardOwnParts([rig.target, join(rig.folder.path, 'not there', 'x')]);
    assert.deepEqual(filesThere(), [basename(rig.target), `${basename(rig.target)}~a name.ossdownload`]);
  });
});

describe('temporary file of a single process', () => {
  for (const name of ['a.txt', 'a~b', '文'.repeat(81), 'x'.repeat(255)]) {
    it(`${name.slice(0, 8)} (${Buffer.byteLength(name)} bytes) has a recognizable temporary sibling`, () => {
      const path = join('/folder', name);
      const own = ownPartPathOf(path);
      assert.equal(dirname(own), '/folder');
      assert.ok(Buffer.byteLength(basename(own)) <= 255);
      assert.ok(isOwnPartOf(path, basename(own)));
      assert.ok(!isOwnPartOf(join('/folder', `${name.slice(1)}y`), basename(own)));
      assert.ok(!isOwnPartOf(path, name));
    });
  }
});
