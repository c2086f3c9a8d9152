import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { AppError } from '../../../../src/base/errors.ts';
import { StopRequest } from '../../../../src/download/transfer/runDownload.ts';
import type { DownloadRequest } from '../../../../src/download/model.ts';
import type { MemoryObject } from '../../../support/memoryReader.ts';
import { EngineRig } from '../../../support/engineRig.ts';
import { until } from '../../../support/poll.ts';
import { seededBytes } from '../../../support/random.ts';

const partSize = 64 * 1024;
const bytes = seededBytes(5 * partSize + 1, 1);
const url = 'memory://host/file';
const [earlier, date] = ['Sun, 22 Nov 2026 06:00:00 GMT', 'Sun, 22 Nov 2026 07:00:00 GMT'];

describe('a download from a plain URL', () => {
  let rig: EngineRig;
  beforeEach(() => {
    rig = new EngineRig();
  });
  afterEach(() => rig.folder.remove());

  const put = (facts: Omit<MemoryObject, 'bytes'>, content: Uint8Array = bytes): void =>
    void rig.reader.objects.set(url, { bytes: content, ...facts });
  const request = (): DownloadRequest => ({ source: { kind: 'url', url }, path: rig.target, overwrite: false });
  const completes = async (content: Uint8Array = bytes): Promise<void> => {
    const outcome = await rig.run('id', request());
    assert.deepEqual(outcome, { kind: 'completed', verified: 'size' });
    assert.ok(readFileSync(rig.target).equals(content));
  };

  for (const [facts, validator] of [
    [
      { etag: '"e"', lastModified: earlier, date },
      { kind: 'ifRange', value: '"e"' },
    ],
    [
      { lastModified: earlier, date },
      { kind: 'ifRange', value: earlier },
    ],
    [
      { etag: 'W/"e"', lastModified: earlier, date },
      { kind: 'ifUnmodifiedSince', date: earlier },
    ],
  ] as const) {
    it(`later parts use ${validator.kind} if the response has ${Object.keys(facts).join(', ')}`, async () => {
      put(facts);
      await completes();
      const [first, ...others] = rig.reader.requests;
      assert.equal(first?.validator, undefined);
      assert.equal(others.length, 5);
      assert.ok(others.every((other) => JSON.stringify(other.validator) === JSON.stringify(validator)));
    });
  }

  it('a file without a validator is not assembled from parts', async () => {
    put({ lastModified: date, date });
    await completes();
    assert.deepEqual(
      rig.reader.requests.map((asked) => asked.range),
      [{ start: 0, end: partSize }, undefined],
    );
  });

  it('a small unknown file takes one request', async () => {
    put({}, bytes.subarray(0, 100));
    await completes(bytes.subarray(0, 100));
    assert.equal(rig.reader.requests.length, 1);
  });

  it('a first part larger than the first request gets its missing rest', async () => {
    rig.limits = { ...rig.limits, partSizeBytes: 10 }; // 10,000 of them would not do
    put({ etag: '"e"' });
    await completes();
    assert.deepEqual(
      rig.reader.requests.map((asked) => asked.range),
      [
        { start: 0, end: 10 },
        { start: 10, end: bytes.length },
      ],
    );
  });

  it('the file is split by the settings at the time of the request', async () => {
    put({ etag: '"e"' });
    rig.reader.fault = () => {
      rig.limits = { ...rig.limits, partSizeBytes: 1000 };
      return undefined;
    };
    await completes();
    assert.equal(rig.reader.requests.length, 6);
  });

  it('an empty file is requested without a range after a 416', async () => {
    put({ etag: '"e"' }, Buffer.alloc(0));
    rig.reader.fault = (asked) =>
      asked.range === undefined
        ? undefined
        : { kind: 'fail', error: new AppError('range/notHonoured', 'past the end', { details: { status: 416 } }) };
    await completes(Buffer.alloc(0));
    assert.equal(rig.reader.requests.length, 2);
  });

  it('a file of unknown length completes, however often the connection is cut', async () => {
    put({ etag: '"e"' });
    rig.reader.knowsRanges = false;
    rig.reader.fault = (_asked, attempt) => ({
      kind: 'describe',
      object: { sizeBytes: undefined },
      ...(attempt < 3 ? { cutAfter: 300_000 } : {}),
    });
    await completes();
  });

  it('a download starts over after an interruption if the server does not support ranges', async () => {
    put({ etag: '"e"' });
    rig.reader.knowsRanges = false;
    const stop = new AbortController();
    rig.reader.fault = () => ({ kind: 'hang', afterBytes: 4 * partSize });
    const running = rig.run('id', request(), stop.signal);
    await until('some bytes', () => rig.reader.bytesSent === 4 * partSize);
    stop.abort(new StopRequest('interrupt'));
    assert.deepEqual(await running, { kind: 'stopped' });
    rig.reader.fault = () => undefined;
    await completes();
    assert.ok(!existsSync(`${rig.target}.ossdownload`));
  });

  it('an object that is replaced before a byte was kept becomes the object of the download', async () => {
    put({ etag: '"old"' });
    const replaced = seededBytes(3 * partSize, 2);
    rig.reader.fault = (_asked, attempt) => {
      if (attempt === 1) {
        put({ etag: '"new"' }, replaced);
      }
      return attempt === 1
        ? { kind: 'describe', object: { etag: '"old"', sizeBytes: bytes.length }, cutAfter: 0 }
        : undefined;
    };
    await completes(replaced);
  });

  it('a part of another version fails the download as changed, and keeps its bytes', async () => {
    put({ etag: '"old"' });
    rig.reader.fault = (asked) => {
      if (asked.range?.start === 3 * partSize) {
        put({ etag: '"new"' }, seededBytes(bytes.length, 3));
      }
      return undefined;
    };
    const outcome = await rig.run('id', request());
    assert.ok(outcome.kind === 'failed' && outcome.error.code === 'object/changed');
    assert.ok(existsSync(`${rig.target}.ossdownload`));
  });
});
