import assert from 'node:assert/strict';
import { AppError } from '../../../../src/base/errors.ts';
import type { KnownObject } from '../../../../src/download/model.ts';
import { readContent } from '../../../../src/download/transfer/readContent.ts';
import { EngineRig, objectRef } from '../../../support/engineRig.ts';
import { until } from '../../../support/poll.ts';
import { seededBytes } from '../../../support/random.ts';

const bytes = seededBytes(300_000, 5);

describe('reading an object into memory', () => {
  let rig: EngineRig;
  let known: KnownObject;
  beforeEach(() => {
    rig = new EngineRig();
    rig.put('key', bytes);
    known = { sizeBytes: bytes.length, etag: rig.reader.objects.get('memory://bucket/key')?.etag ?? '' };
  });
  afterEach(() => rig.folder.remove());

  const read = (firstBytes?: number, signal = new AbortController().signal): Promise<Uint8Array> =>
    readContent(
      rig.deps,
      { object: objectRef('key'), known, ...(firstBytes === undefined ? {} : { firstBytes }) },
      signal,
    );
  const failsWith =
    (code: string) =>
    (error: unknown): boolean =>
      error instanceof AppError && error.code === code;

  it('an object is read with one request for the listed version', async () => {
    assert.deepEqual(Buffer.from(await read()), bytes);
    assert.deepEqual(
      rig.reader.requests.map(({ range, validator }) => [range, validator]),
      [[undefined, { kind: 'ifMatch', etag: known.etag }]],
    );
  });

  it('only the beginning of an object is read on request', async () => {
    assert.deepEqual(Buffer.from(await read(65_536)), bytes.subarray(0, 65_536));
    assert.deepEqual(
      rig.reader.requests.map(({ range, validator }) => [range, validator]),
      [
        [
          { start: 0, end: 65_536 },
          { kind: 'ifMatch', etag: known.etag },
        ],
      ],
    );
    assert.equal(rig.reader.bytesSent, 65_536);
  });

  it('an object no longer than the requested beginning is read whole and verified', async () => {
    assert.equal((await read(bytes.length)).length, bytes.length);
    assert.equal(rig.reader.requests[0]?.range, undefined);
  });

  it('an empty object reads as no bytes', async () => {
    rig.put('key', Buffer.alloc(0));
    known = { sizeBytes: 0, etag: rig.reader.objects.get('memory://bucket/key')?.etag ?? '' };
    assert.equal((await read()).length, 0);
  });

  it('a read fails without content if the object has changed since the listing', async () => {
    rig.put('key', seededBytes(bytes.length, 6));
    await assert.rejects(read(), failsWith('object/changed'));
    await assert.rejects(read(1000), failsWith('object/changed'));
    assert.equal(rig.reader.bytesSent, 0);
  });

  it('a cut response or a wrong CRC-64 is read once more', async () => {
    for (const fault of [
      { kind: 'cut', afterBytes: 1000 },
      { kind: 'flip', at: 200_000 },
    ] as const) {
      const before = rig.reader.requests.length;
      rig.reader.fault = (_request, attempt) => (attempt === before + 1 ? fault : undefined);
      assert.deepEqual(Buffer.from(await read()), bytes);
      assert.equal(rig.reader.requests.length, before + 2);
    }
  });

  it('a read fails rather than return wrong bytes', async () => {
    rig.reader.fault = () => ({ kind: 'flip', at: 7 });
    await assert.rejects(read(), failsWith('object/corrupt'));
    rig.reader.fault = () => ({ kind: 'cut', afterBytes: 10 });
    await assert.rejects(read(65_536), failsWith('network/interrupted'));
    rig.reader.fault = () => ({ kind: 'whole' });
    await assert.rejects(read(65_536), failsWith('range/notHonoured'));
  });

  it('an aborted read ends at once', async () => {
    rig.reader.fault = () => ({ kind: 'hang', afterBytes: 1000 });
    const controller = new AbortController();
    const reading = read(undefined, controller.signal);
    await until('the first bytes', () => rig.reader.bytesSent > 0);
    controller.abort(new Error('enough'));
    await assert.rejects(reading, /enough/);
  });
});
