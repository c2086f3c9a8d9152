import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { AppError } from '../../../../src/base/errors.ts';
import { StopRequest } from '../../../../src/download/transfer/runDownload.ts';
import { EngineRig } from '../../../support/engineRig.ts';
import { seededBytes } from '../../../support/random.ts';

const partSize = 64 * 1024;

describe('runDownload', () => {
  let rig: EngineRig;
  beforeEach(() => {
    rig = new EngineRig();
  });
  afterEach(() => rig.folder.remove());

  for (const size of [0, 1, partSize - 1, partSize, partSize + 1, 10 * partSize + 17]) {
    for (const listed of [true, false]) {
      it(`an object of ${size} bytes arrives whole, ${listed ? 'with' : 'without'} facts from a listing`, async () => {
        const bytes = seededBytes(size, size);
        rig.put('a', bytes);
        const etag = rig.reader.objects.get('memory://bucket/a')?.etag ?? '';
        const outcome = await rig.run('id', rig.request('a', listed ? { known: { sizeBytes: size, etag } } : {}));
        assert.deepEqual(outcome, { kind: 'completed', verified: 'crc64' });
        assert.ok(readFileSync(rig.target).equals(bytes));
        assert.ok(!existsSync(`${rig.target}.ossdownload`));
        assert.equal(rig.reader.bytesSent, size);
        assert.equal(rig.reader.requests.length, Math.max(1, Math.ceil(size / partSize)));
      });
    }
  }

  it('a small object takes one request that never reaches past its end', async () => {
    rig.put('a', seededBytes(100, 1));
    await rig.run(
      'id',
      rig.request('a', { known: { sizeBytes: 100, etag: rig.reader.objects.get('memory://bucket/a')?.etag ?? '' } }),
    );
    assert.deepEqual(
      rig.reader.requests.map((request) => request.range),
      [{ start: 0, end: 100 }],
    );
  });

  it('a part continues at the byte where its connection was cut', async () => {
    const bytes = seededBytes(5 * partSize, 2);
    rig.put('a', bytes);
    rig.reader.fault = (_request, attempt) =>
      attempt <= 5 ? { kind: 'cut', afterBytes: attempt * 10_000 } : undefined;
    assert.equal((await rig.run('id', rig.request('a'))).kind, 'completed');
    assert.ok(readFileSync(rig.target).equals(bytes));
    assert.equal(rig.reader.bytesSent, bytes.length);
  });

  it('a download gives up after its retries if every response is cut after 50 bytes', async () => {
    rig.put('a', seededBytes(5 * partSize, 3));
    rig.reader.fault = () => ({ kind: 'cut', afterBytes: 50 });
    const outcome = await rig.run('id', rig.request('a'));
    assert.ok(outcome.kind === 'failed' && outcome.error.code === 'network/interrupted' && outcome.canResume);
    assert.ok(!existsSync(rig.target));
    assert.ok(rig.reader.requests.length < 40);
  });

  it('bytes with a wrong CRC-64 are never put in place', async () => {
    rig.put('a', seededBytes(3 * partSize, 4), { crc64: '1' });
    const outcome = await rig.run('id', rig.request('a'));
    assert.ok(outcome.kind === 'failed' && outcome.error.code === 'object/corrupt');
    assert.ok(!existsSync(rig.target));
  });

  it('a whole object is refused in place of a part, even without a CRC-64', async () => {
    const bytes = seededBytes(5 * partSize, 12);
    rig.reader.objects.set('memory://bucket/a', { bytes, etag: '"a"', lastModified: 'Sun, 22 Nov 2026 06:00:00 GMT' });
    const answeredWhole = new Set<number>();
    rig.reader.fault = ({ range: { start } = { start: 0 } }) => {
      if (start === 0 || answeredWhole.has(start)) {
        return undefined;
      }
      answeredWhole.add(start);
      return { kind: 'whole' };
    };
    assert.deepEqual(await rig.run('id', rig.request('a')), { kind: 'completed', verified: 'size' });
    assert.equal(answeredWhole.size, 4);
    assert.ok(readFileSync(rig.target).equals(bytes));
  });

  it('the current object is downloaded if the listing was outdated', async () => {
    const bytes = seededBytes(3 * partSize, 5);
    rig.put('a', bytes);
    assert.equal((await rig.run('id', rig.request('a', { known: { sizeBytes: 7, etag: '"old"' } }))).kind, 'completed');
    assert.ok(readFileSync(rig.target).equals(bytes));
  });

  it('an object that is replaced half-way fails as changed, and none of its new bytes are kept', async () => {
    const [before, after] = [seededBytes(6 * partSize, 6), seededBytes(6 * partSize, 7)];
    rig.put('a', before);
    rig.reader.fault = (_request, attempt) => {
      if (attempt === 4) {
        rig.put('a', after);
      }
      return undefined;
    };
    const outcome = await rig.run('id', rig.request('a'));
    assert.ok(outcome.kind === 'failed' && outcome.error.code === 'object/changed');
    assert.ok(!existsSync(rig.target));
  });

  it('a response that describes another object is refused, whatever its status', async () => {
    for (const object of [{ sizeBytes: 5 }, { etag: '"x"' }, { crc64: '3' }]) {
      rig.put('a', seededBytes(4 * partSize, 8));
      rig.reader.fault = (request) => (request.range?.start === partSize ? { kind: 'describe', object } : undefined);
      const outcome = await rig.run('id', rig.request('a'));
      assert.ok(outcome.kind === 'failed' && outcome.error.code === 'object/changed', JSON.stringify(object));
    }
  });

  it('an expired URL is replaced by a fresh one', async () => {
    const bytes = seededBytes(4 * partSize, 9);
    rig.put('a', bytes);
    rig.reader.fault = (_request, attempt) =>
      attempt === 1 || attempt === 4 ? { kind: 'fail', error: new AppError('auth/urlExpired', 'expired') } : undefined;
    assert.equal((await rig.run('id', rig.request('a'))).kind, 'completed');
    assert.ok(readFileSync(rig.target).equals(bytes));
    assert.equal(rig.signed, 3);
  });

  it('a server without range support works, starting over after a cut', async () => {
    const bytes = seededBytes(7 * partSize + 5, 10);
    rig.put('a', bytes);
    rig.reader.fault = (_request, attempt) =>
      attempt < 3 ? { kind: 'cut', afterBytes: attempt * 100_000 } : undefined;
    rig.reader.knowsRanges = false;
    assert.equal((await rig.run('id', rig.request('a'))).kind, 'completed');
    assert.ok(readFileSync(rig.target).equals(bytes));
    assert.equal(rig.reader.bytesSent, bytes.length + 300_000);
  });

  it('an abort takes less than 250 ms and keeps the bytes; the next session fetches only the rest', async () => {
    const bytes = seededBytes(20 * partSize, 11);
    rig.put('a', bytes);
    const stop = new AbortController();
    rig.reader.fault = (_request, attempt) => (attempt > 8 ? { kind: 'hang', afterBytes: 1000 } : undefined);
    rig.reader.beforeChunk = () => {
      if (rig.reader.requests.length === 12) {
        setTimeout(() => stop.abort(new StopRequest('pause')), 20);
      }
    };
    const running = rig.run('id', rig.request('a'), stop.signal);
    const stoppedAt = new Promise<number>((resolve) =>
      stop.signal.addEventListener('abort', () => resolve(performance.now())),
    );
    assert.deepEqual(await running, { kind: 'stopped' });
    assert.ok(performance.now() - (await stoppedAt) < 250);
    const before = rig.reader.bytesSent;
    rig.reader.fault = () => undefined;
    assert.deepEqual(await rig.run('id', rig.request('a')), { kind: 'completed', verified: 'crc64' });
    assert.ok(readFileSync(rig.target).equals(bytes));
    assert.equal(rig.reader.bytesSent - before, bytes.length - before);
  });
});
