import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { DownloadState } from '../../src/download/downloadState.ts';
import type { DownloadSnapshot } from '../../src/download/model.ts';
import type { NetworkSettings } from '../../src/oss/networkSettings.ts';
import { startOssServer } from '../server/ossServer.ts';
import type { OssServer } from '../server/ossServer.ts';
import { until } from '../support/poll.ts';
import { tempFolder } from '../support/tempFolder.ts';
import type { TempFolder } from '../support/tempFolder.ts';
import { selfSignedCertificate } from '../unit/oss/support/selfSigned.ts';
import { differenceFrom } from './support/compareFile.ts';
import { MirroredWorker } from './support/mirroredWorker.ts';
import { noBatches } from './support/noBatches.ts';

const MiB = 1024 * 1024;
const sizeBytes = 12 * MiB;
const direct: NetworkSettings = { noProxy: [], strictTls: true, extraCertificates: [] };

interface Hop {
  readonly origin: string;
  /** Number of requests that it has received. */
  readonly taken: () => number;
}

describe('network settings that change during a download', function () {
  this.timeout(60_000);
  let server: OssServer;
  let folder: TempFolder;
  let client: MirroredWorker;
  let base: string;
  const hops: Server[] = [];

  beforeEach(async () => {
    server = await startOssServer({ buckets: { pub: { acl: 'public-read' } }, bytesPerSecond: 4 * MiB });
    server.store.bucket('pub').put('big', { seed: 1, sizeBytes });
    folder = tempFolder();
  });
  afterEach(async () => {
    await client.shutdown();
    for (const hop of hops.splice(0)) {
      hop.closeAllConnections();
      await new Promise((resolve) => hop.close(resolve));
    }
    await server.close();
    folder.remove();
  });

  const open = async (make: (listener: RequestListener) => Server, scheme: string): Promise<Hop> => {
    let taken = 0;
    const hop = make((incoming, outgoing) => {
      taken += 1;
      const { pathname, search } = new URL(incoming.url ?? '/', 'http://any.example');
      incoming.pipe(
        httpRequest(
          `${server.url}${pathname}${search}`,
          { method: incoming.method ?? 'GET', headers: { ...incoming.headers, host: new URL(server.url).host } },
          (answer) => {
            outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
            answer.pipe(outgoing);
            outgoing.on('close', () => answer.destroy());
          },
        ).on('error', () => outgoing.destroy()),
      );
    });
    hops.push(hop);
    await new Promise<void>((resolve) => hop.listen(0, '127.0.0.1', resolve));
    return { origin: `${scheme}://127.0.0.1:${(hop.address() as AddressInfo).port}`, taken: () => taken };
  };
  const start = (network: NetworkSettings): void => {
    client = new MirroredWorker(
      join(import.meta.dirname, '../../src/download/worker/workerMain.ts'),
      {
        storagePath: join(folder.path, 'storage'),
        limits: { maxConnections: 2, concurrentDownloads: 1, partSizeBytes: MiB, retries: 2, stallTimeoutMs: 5000 },
        network,
      },
      {
        signGet: ({ bucket, key }) =>
          Promise.resolve({ url: `${base}/${bucket}/${key}?signed=secret`, expiresAtMs: Number.MAX_SAFE_INTEGER }),
        ...noBatches,
      },
      { log: () => undefined },
      { load: () => Promise.resolve(undefined) },
    );
  };
  const file = (): string => join(folder.path, 'out', 'big');
  const snapshot = (id: string): DownloadSnapshot | undefined =>
    client.downloads.find((download) => download.id === id);
  const reaches = (id: string, kind: DownloadState['kind']): Promise<void> =>
    until(kind, () => snapshot(id)?.state.kind === kind, 30_000);
  const failure = (id: string): string | undefined => {
    const state = snapshot(id)?.state;
    return state?.kind === 'failed' ? state.error.code : undefined;
  };
  /** Begins the download and waits for its first bytes. */
  const begin = async (): Promise<string> => {
    const id = await client.add({
      source: { kind: 'oss', object: { profile: 'p', bucket: 'pub', key: 'big' } },
      path: file(),
      overwrite: false,
    });
    await until('some of it', () => (snapshot(id)?.bytesDone ?? 0) > 2 * MiB, 30_000);
    assert.equal(snapshot(id)?.state.kind, 'running');
    return id;
  };
  const isWhole = async (): Promise<void> => assert.equal(await differenceFrom(file(), 1, sizeBytes), undefined);

  it('a changed proxy carries the rest of a running download without a pause', async () => {
    base = 'http://oss.proxytest.example';
    const [first, second] = [await open(createServer, 'http'), await open(createServer, 'http')];
    start({ ...direct, proxyUrl: first.origin });
    const id = await begin();
    client.setNetwork({ ...direct, proxyUrl: second.origin });
    await until('the second proxy', () => second.taken() > 0, 30_000);
    const before = first.taken();
    await reaches(id, 'completed');
    assert.deepEqual([first.taken(), snapshot(id)?.state.kind], [before, 'completed']);
    assert(second.taken() >= 4, `${second.taken()} of 12 parts`);
    await isWhole();
  });

  it('an invalid proxy fails a download with the reason, and a corrected one continues it', async () => {
    base = 'http://oss.proxytest.example';
    const proxy = await open(createServer, 'http');
    start({ ...direct, proxyUrl: proxy.origin });
    const id = await begin();
    client.setNetwork({ ...direct, proxyUrl: 'nonsense://user:hidden@proxy' });
    await reaches(id, 'failed');
    assert.equal(failure(id), 'network/unreachable');
    assert.doesNotMatch(JSON.stringify(client.downloads), /hidden/);
    const sent = server.requests.of('pub', 'big', 'GET').reduce((sum, { bodyBytes }) => sum + bodyBytes, 0);
    client.setNetwork({ ...direct, proxyUrl: proxy.origin });
    await client.resume(id);
    await reaches(id, 'completed');
    const again = server.requests.of('pub', 'big', 'GET').reduce((sum, { bodyBytes }) => sum + bodyBytes, 0) - sent;
    assert(again < sizeBytes - MiB, `${again} of ${sizeBytes} bytes after the change`);
    await isWhole();
  });

  it('an untrusted certificate fails the next request, and a certificate file lets the download continue', async () => {
    const { cert, key } = selfSignedCertificate();
    const secure = await open((listener) => createTlsServer({ cert, key }, listener), 'https');
    base = secure.origin;
    const caFile = join(folder.path, 'ca.pem');
    start({ ...direct, strictTls: false });
    const id = await begin();
    client.setNetwork(direct);
    await reaches(id, 'failed');
    assert.equal(failure(id), 'network/certificate');

    client.setNetwork({ ...direct, caFile });
    await client.resume(id);
    await reaches(id, 'failed');
    const state = snapshot(id)?.state;
    assert.deepEqual(
      state?.kind === 'failed' ? [state.error.code, state.error.details.caFile] : state,
      ['network/certificate', caFile],
      'the file is not there yet',
    );

    // A certificate file that was unusable is read again on the next attempt.
    writeFileSync(caFile, cert);
    await client.resume(id);
    await until('more of it', () => (snapshot(id)?.bytesDone ?? 0) > 5 * MiB, 30_000);
    assert.equal(snapshot(id)?.state.kind, 'running');
    const before = secure.taken();
    client.setNetwork({ ...direct, caFile, noProxy: ['another.change'] });
    await reaches(id, 'completed');
    assert(secure.taken() > before);
    await isWhole();
  });
});
