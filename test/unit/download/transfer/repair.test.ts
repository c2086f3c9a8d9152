import assert from 'node:assert/strict';
import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { StopRequest } from '../../../../src/download/transfer/runDownload.ts';
import { EngineRig } from '../../../support/engineRig.ts';
import { until } from '../../../support/poll.ts';
import { seededBytes } from '../../../support/random.ts';

const partSize = 64 * 1024;
const bytes = seededBytes(10 * partSize, 1);

describe('a download whose file was changed on disk', () => {
  let rig: EngineRig;
  let part: string;
  let keptBytes: number;

  /** Stops a session when every part but the last few is on disk. */
  async function interrupt(): Promise<void> {
    const stop = new AbortController();
    rig.reader.fault = (request) =>
      (request.range?.start ?? 0) >= 7 * partSize ? { kind: 'hang', afterBytes: 1000 } : undefined;
    const running = rig.run('id', rig.request('a'), stop.signal);
    await until('seven parts and three beginnings', () => rig.reader.bytesSent === 7 * partSize + 3000);
    stop.abort(new StopRequest('pause'));
    assert.deepEqual(await running, { kind: 'stopped' });
    keptBytes = 7 * partSize + 3000;
    rig.reader.fault = () => undefined;
    rig.reader.bytesSent = 0;
  }

  function writeAt(path: string, position: number, text: string): void {
    const file = openSync(path, 'r+');
    writeSync(file, text, position);
    closeSync(file);
  }

  async function completes(): Promise<void> {
    const outcome = await rig.run('id', rig.request('a'));
    assert.equal(outcome.kind, 'completed', JSON.stringify(outcome));
    assert.ok(readFileSync(rig.target).equals(bytes));
    assert.ok(!existsSync(part));
  }

  async function failsWith(code: string): Promise<void> {
    const outcome = await rig.run('id', rig.request('a'));
    assert.ok(outcome.kind === 'failed' && outcome.error.code === code, JSON.stringify(outcome));
  }

  beforeEach(() => {
    rig = new EngineRig();
    rig.put('a', bytes);
    part = `${rig.target}.ossdownload`;
  });
  afterEach(() => rig.folder.remove());

  it('only the part with a flipped byte is fetched again after a pause', async () => {
    await interrupt();
    writeAt(part, 3 * partSize + 5, 'X');
    await completes();
    assert.equal(rig.reader.bytesSent, bytes.length - keptBytes + partSize);
  });

  it('an untouched file is not read back after a pause', async () => {
    await interrupt();
    const phases: string[] = [];
    const outcome = await rig.run('id', rig.request('a'), undefined, (phase) => phases.push(phase));
    assert.equal(outcome.kind, 'completed');
    assert.deepEqual([...new Set(phases)], ['verifying']);
  });

  it('a flipped byte is found even if the server gives no CRC-64', async () => {
    rig.reader.objects.set('memory://bucket/a', { bytes, etag: '"e"' });
    await interrupt();
    writeAt(part, 3 * partSize + 5, 'X');
    await completes();
    assert.equal(rig.reader.bytesSent, bytes.length - keptBytes + partSize);
  });

  for (const [what, change] of [
    ['deleted', () => rmSync(part)],
    ['truncated', () => truncateSync(part, 100)],
    ['extended', () => truncateSync(part, bytes.length + 1)],
  ] as const) {
    it(`a download starts over if its unfinished file was ${what}`, async () => {
      await interrupt();
      change();
      await completes();
      assert.equal(rig.reader.bytesSent, bytes.length);
    });
  }

  it('a folder or a link in place of the unfinished file is left alone', async () => {
    await interrupt();
    rmSync(part);
    mkdirSync(part);
    await failsWith('disk/targetExists');
    rmSync(part, { recursive: true });
    writeFileSync(join(rig.folder.path, 'precious'), seededBytes(bytes.length, 2));
    symlinkSync(join(rig.folder.path, 'precious'), part);
    await failsWith('disk/targetExists');
    assert.ok(readFileSync(join(rig.folder.path, 'precious')).equals(seededBytes(bytes.length, 2)));
    rmSync(part);
    await completes();
  });

  it('a missing folder is reported, not created, because its disk may be unmounted', async () => {
    await interrupt();
    renameSync(dirname(rig.target), `${dirname(rig.target)}.away`);
    await failsWith('disk/missing');
    assert.ok(!existsSync(dirname(rig.target)));
    renameSync(`${dirname(rig.target)}.away`, dirname(rig.target));
    await completes();
    assert.equal(rig.reader.bytesSent, bytes.length - keptBytes);
  });

  it('verified bytes survive if another program creates the final file meanwhile', async () => {
    await interrupt();
    writeFileSync(rig.target, 'mine');
    await failsWith('disk/targetExists');
    assert.equal(readFileSync(rig.target, 'utf8'), 'mine');
    rmSync(rig.target);
    const sent = rig.reader.bytesSent;
    await completes();
    assert.equal(rig.reader.bytesSent, sent);
  });

  describe('a changed checkpoint', () => {
    const checkpoint = (): string => join(rig.folder.path, 'storage', 'id.checkpoint');

    it('a missing, empty or garbled checkpoint starts the download over', async () => {
      for (const change of [
        () => rmSync(checkpoint()),
        () => truncateSync(checkpoint(), 0),
        () => writeAt(checkpoint(), 30, 'XXXX'),
      ]) {
        await interrupt();
        change();
        await completes();
        assert.equal(rig.reader.bytesSent, bytes.length);
        rmSync(rig.target);
        rig.reader.bytesSent = 0;
      }
    });

    it('a torn checkpoint causes a full read back, and only unclaimed bytes are fetched', async () => {
      await interrupt();
      truncateSync(checkpoint(), statSync(checkpoint()).size - 1);
      writeAt(part, 5, 'X');
      await completes();
      assert.equal(rig.reader.bytesSent, bytes.length - keptBytes + partSize);
    });

    it('a checkpoint of a newer version is left alone', async () => {
      await interrupt();
      const newer = Buffer.from(readFileSync(checkpoint()));
      const headerEnd = 16 + newer.readUInt32LE(12);
      newer.writeUInt16LE(2, 8);
      newer.writeUInt32LE(crc32(newer.subarray(0, headerEnd)), headerEnd);
      writeFileSync(checkpoint(), newer);
      await failsWith('checkpoint/newerVersion');
      assert.ok(readFileSync(checkpoint()).equals(newer));
      assert.ok(existsSync(part));
    });
  });

  describe('a crash during the last rename', () => {
    /** Leaves the disk like a crash right before or after the link that gives the file its name. */
    async function crashWhilePlacing(): Promise<void> {
      writeFileSync(join(rig.folder.path, 'mine'), '');
      mkdirSync(dirname(rig.target), { recursive: true });
      writeFileSync(rig.target, 'in the way');
      await failsWith('disk/targetExists');
      rmSync(rig.target);
      const saved = await rig.deps.store.load('id');
      assert.ok(saved);
      await rig.deps.store.save(saved.header, [...saved.parts.values(), { kind: 'committing' }]);
      rig.reader.bytesSent = 0;
    }

    it('a crash before the last rename is completed on resume', async () => {
      await crashWhilePlacing();
      await completes();
      assert.equal(rig.reader.bytesSent, 0);
    });

    it('a crash between the two halves of the last rename is completed on resume', async () => {
      await crashWhilePlacing();
      linkSync(part, rig.target);
      await completes();
      assert.equal(rig.reader.requests.filter((request) => request.range?.start === 0).length, 1);
    });

    it('a crash after the last rename leaves a file that is recognized as finished', async () => {
      await crashWhilePlacing();
      renameSync(part, rig.target);
      await completes();
      assert.equal(rig.reader.bytesSent, 0);
    });

    it('another file is not mistaken for the finished one', async () => {
      await crashWhilePlacing();
      rmSync(part);
      writeFileSync(rig.target, seededBytes(bytes.length, 3));
      await failsWith('disk/targetExists');
      assert.ok(readFileSync(rig.target).equals(seededBytes(bytes.length, 3)));
    });
  });
});

describe('a download that received wrong bytes', () => {
  let rig: EngineRig;
  beforeEach(() => {
    rig = new EngineRig();
    rig.put('a', bytes);
  });
  afterEach(() => rig.folder.remove());

  it('wrong bytes are repaired if the second response is right', async () => {
    rig.reader.fault = (request, attempt) =>
      attempt <= 10 && request.range?.start === 4 * partSize ? { kind: 'flip', at: 77 } : undefined;
    assert.deepEqual(await rig.run('id', rig.request('a')), { kind: 'completed', verified: 'crc64' });
    assert.ok(readFileSync(rig.target).equals(bytes));
    assert.equal(rig.reader.requests.length, 15, 'stops as soon as the whole is right');
  });

  it('wrong bytes are reported as corrupt if they repeat, with each part fetched twice', async () => {
    rig.put('a', bytes, { crc64: '1' });
    const outcome = await rig.run('id', rig.request('a'));
    assert.ok(outcome.kind === 'failed' && outcome.error.code === 'object/corrupt');
    assert.equal(rig.reader.requests.length, 20);
    assert.ok(!existsSync(rig.target));
  });
});
