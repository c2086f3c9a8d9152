import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DownloadSource } from '../../../src/download/model.ts';
import { partPathOf } from '../../../src/download/files/partPath.ts';
import { startOssServer } from '../../server/ossServer.ts';
import type { OssServer } from '../../server/ossServer.ts';
import { until } from '../../support/poll.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import type { TempFolder } from '../../support/tempFolder.ts';
import { differenceFrom } from '../support/compareFile.ts';
import { EngineProcess } from '../support/engineProcess.ts';

const mebibyte = 1024 * 1024;
const sizeBytes = 24 * mebibyte;
const partSizeBytes = mebibyte;
const connections = 4;
const content = { seed: 11, sizeBytes };

/** A power cut can keep the record and lose the bytes: the checkpoint claims them, and the disk holds zeros. */
describe('bytes that are recorded but missing on disk after a crash', function () {
  this.timeout(60_000);
  let folder: TempFolder;
  let server: OssServer;
  let engine: EngineProcess | undefined;

  afterEach(async () => {
    await engine?.kill();
    await server.close();
    folder.remove();
  });

  const start = async (): Promise<EngineProcess> => {
    engine = EngineProcess.spawn({
      storagePath: join(folder.path, 'storage'),
      limits: { maxConnections: connections, concurrentDownloads: 1, partSizeBytes, retries: 5, stallTimeoutMs: 5000 },
      origin: server.url,
    });
    await engine.ready;
    return engine;
  };

  for (const dialect of ['oss', 'plain'] as const) {
    it(`only lost bytes are fetched again from ${dialect === 'oss' ? 'OSS' : 'a server without CRC-64'}`, async () => {
      folder = tempFolder();
      server = await startOssServer({
        buckets: { pub: { acl: 'public-read' } },
        dialect,
        honourIfRange: dialect === 'plain',
        bytesPerSecond: 2 * mebibyte,
      });
      server.store.bucket('pub').put('a', content);
      const path = join(folder.path, 'out', 'a.bin');
      const source: DownloadSource =
        dialect === 'oss'
          ? { kind: 'oss', object: { profile: 'p', bucket: 'pub', key: 'a' } }
          : { kind: 'url', url: `${server.url}/pub/a` };
      const first = await start();
      const id = await first.add({ source, path, overwrite: false });
      await until('a third to arrive', () => (first.downloads.get(id)?.bytesDone ?? 0) > 8 * mebibyte, 30_000);
      server.network.lose();
      // bytes that arrived more than a second ago are recorded
      await sleep(1000);
      await first.kill();
      const file = openSync(partPathOf(path), 'r+');
      writeSync(file, Buffer.alloc(4096), 0, 4096, 0);
      closeSync(file);
      server.network.restore();
      server.settings.bytesPerSecond = 0;
      await until('the server to notice', () => server.requests.entries.every((request) => request.outcome !== 'open'));
      const before = server.requests.entries.length;

      const second = await start();
      await second.resume(id);
      await until('completed', () => second.downloads.get(id)?.state.kind === 'completed', 30_000);
      assert.equal(await differenceFrom(path, content.seed, sizeBytes), undefined);
      const again = server.requests.entries.slice(before);
      assert.ok(
        again.some((request) => request.range === `bytes=0-${partSizeBytes - 1}`),
        'the part with the hole is asked for again',
      );
      const sent = again.reduce((sum, request) => sum + request.bodyBytes, 0);
      assert.ok(sent <= sizeBytes - 8 * mebibyte + (connections + 1) * mebibyte, `${sent} bytes were sent`);
    });
  }
});
