import assert from 'node:assert/strict';
import { join } from 'node:path';
import { AppError } from '../../../../src/base/errors.ts';
import { systemClock } from '../../../../src/base/clock.ts';
import { DownloadManager } from '../../../../src/download/queue/downloadManager.ts';
import type { DownloadRequest, DownloadSnapshot } from '../../../../src/download/model.ts';
import { OtherWindows } from '../../../../src/download/windows/otherWindows.ts';
import { EngineRig } from '../../../support/engineRig.ts';
import { until } from '../../../support/poll.ts';
import { seededBytes } from '../../../support/random.ts';

const partSize = 64 * 1024;
const bytes = seededBytes(5 * partSize, 1);
const first = 'memory://host/file?Signature=first';
const second = 'memory://host/file?Signature=second';

describe('a download from a URL whose query is a secret', () => {
  let rig: EngineRig;
  let manager: DownloadManager;
  let expired: Set<string>;

  const start = async (): Promise<void> => {
    manager = new DownloadManager(rig.deps, new OtherWindows(join(rig.folder.path, 'windows'), systemClock));
    await manager.load();
  };
  const request = (url: string): DownloadRequest => ({
    source: { kind: 'url', url },
    path: rig.target,
    overwrite: false,
  });
  const find = (id: string): DownloadSnapshot | undefined => manager.downloads.find((each) => each.id === id);
  const reaches = (id: string, kind: string): Promise<void> => until(kind, () => find(id)?.state.kind === kind);
  const requestsOf = (url: string): number => rig.reader.requests.filter((each) => each.url === url).length;

  /** Starts a download and closes the editor after some bytes. */
  async function interrupted(): Promise<string> {
    rig.reader.fault = () => ({ kind: 'hang', afterBytes: 30_000 });
    const id = await manager.add(request(first));
    await until('bytes', () => rig.reader.bytesSent >= 4 * 30_000);
    await manager.shutdown();
    rig.reader.fault = ({ url }) =>
      expired.has(url)
        ? { kind: 'fail', error: new AppError('auth/urlExpired', 'the signed URL has expired') }
        : undefined;
    await start();
    return id;
  }

  beforeEach(async () => {
    rig = new EngineRig();
    expired = new Set();
    for (const url of [first, second]) {
      rig.reader.objects.set(url, { bytes, etag: '"e"', crc64: rig.deps.crc64.of(bytes).toString() });
    }
    await start();
  });
  afterEach(async () => {
    await manager.shutdown();
    rig.folder.remove();
  });

  it('a stored secret URL continues the download from the same byte after a restart', async () => {
    const id = await interrupted();
    rig.keptUrls.set(id, first);
    const sent = rig.reader.bytesSent;
    await manager.resume(id);
    await reaches(id, 'completed');
    assert.equal(rig.reader.bytesSent - sent, bytes.length - sent);
  });

  it('an expired stored URL makes the download wait for a new one, then continue from the same byte', async () => {
    const id = await interrupted();
    rig.keptUrls.set(id, first);
    expired.add(first);
    await manager.resume(id);
    await reaches(id, 'waiting');
    assert.deepEqual(find(id)?.state, { kind: 'waiting', reason: 'url' });
    const sent = rig.reader.bytesSent;
    await manager.replaceUrl(id, second);
    await reaches(id, 'completed');
    assert.equal(rig.reader.bytesSent - sent, bytes.length - sent);
  });

  it('an expired URL is replaced by a newer one that another window was given', async () => {
    expired.add(first);
    rig.reader.fault = ({ url }) =>
      expired.has(url)
        ? { kind: 'fail', error: new AppError('auth/urlExpired', 'the signed URL has expired') }
        : undefined;
    const id = await manager.add(request(first));
    await reaches(id, 'waiting');
    rig.keptUrls.set(id, second);
    await manager.pause(id);
    await manager.resume(id);
    await reaches(id, 'completed');
  });

  it('closing the editor while a download waits for a URL interrupts it without a failure', async () => {
    const id = await interrupted();
    expired.add(first);
    rig.keptUrls.set(id, first);
    await manager.resume(id);
    await reaches(id, 'waiting');
    await manager.shutdown();
    await start();
    assert.equal(find(id)?.state.kind, 'interrupted');
  });

  it('a URL pasted again for the same file becomes the current one', async () => {
    const id = await interrupted();
    assert.equal(await manager.add(request(second)), id);
    await reaches(id, 'completed');
    assert.ok(requestsOf(second) > 0);
  });
});
