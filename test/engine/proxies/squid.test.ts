import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createHttpObjectReader } from '../../../src/oss/httpObjectReader.ts';
import type { NetworkSettings } from '../../../src/oss/networkSettings.ts';
import { startOssServer } from '../../server/ossServer.ts';
import type { OssServer } from '../../server/ossServer.ts';
import { accessTo, never, oneProfile } from '../../unit/oss/support/access.ts';
import { directNetwork, readAll, rejection } from '../../unit/oss/support/answers.ts';
import { selfSignedCertificate } from '../../unit/oss/support/selfSigned.ts';
import { proxiedHost, startSquid } from './squid.ts';
import type { Squid, SquidOptions } from './squid.ts';

const object = { profile: 'p', bucket: 'bucket-1', key: 'k.txt' };

describe('through squid', function () {
  this.timeout(60_000);
  let server: OssServer;
  let secure: Server;
  const running: Squid[] = [];

  before(async () => {
    server = await startOssServer({ buckets: { 'bucket-1': {} } });
    server.store.bucket('bucket-1').put('k.txt', { text: 'some text' });
    // The same server behind TLS.
    secure = createTlsServer(selfSignedCertificate(), (incoming, outgoing) => {
      const { method, url, headers } = incoming;
      incoming.pipe(httpRequest(server.url, { method: method ?? 'GET', path: url ?? '/', headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }));
    });
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => Promise.all(running.splice(0).map((squid) => squid.stop())));
  after(async () => {
    secure.closeAllConnections();
    await new Promise((resolve) => secure.close(resolve));
    await server.close();
  });

  const start = async (test: Mocha.Context, options?: SquidOptions): Promise<Squid> => {
    const squid = await startSquid(options);
    if (squid === undefined) {
      const missing = 'squid is not installed (Debian package squid-openssl)';
      if (process.env['REQUIRE_PEERS'] === '1') throw new Error(`${missing}, and REQUIRE_PEERS=1 asks for it`);
      console.log(`skipped: ${missing}`);
      return test.skip();
    }
    running.push(squid);
    return squid;
  };
  const open = `http://${proxiedHost}:`;
  const closed = `https://${proxiedHost}:`;
  const plainEndpoint = (): string => open + new URL(server.url).port;
  const secureEndpoint = (): string => closed + String((secure.address() as AddressInfo).port);

  /** Lists, signs and downloads. */
  const useAll = async (endpoint: string, network: NetworkSettings): Promise<string> => {
    const oss = accessTo(oneProfile({ endpoint, region: 'cn-hangzhou', addressing: 'path' }), { network });
    const reader = createHttpObjectReader(network);
    try {
      assert.equal((await oss.listEntries(object, '', undefined, never)).items.length, 1);
      const { url } = await oss.signGet(object, never);
      return (await readAll(reader, { url })).bytes.toString();
    } finally {
      await oss.close();
      await reader.close();
    }
  };

  it('lists and downloads', async function () {
    const squid = await start(this);
    assert.equal(await useAll(plainEndpoint(), { ...directNetwork, proxyUrl: `http://127.0.0.1:${squid.port}` }), 'some text');
    assert(squid.handled() > 0);
  });

  it('lists and downloads with a user and password, in the URL or as a header, and is refused without', async function () {
    const squid = await start(this, { login: 'user:pass' });
    const proxyUrl = `http://127.0.0.1:${squid.port}`;
    const proxyAuthorization = `Basic ${Buffer.from('user:pass').toString('base64')}`;
    assert.equal(await useAll(plainEndpoint(), { ...directNetwork, proxyUrl: proxyUrl.replace('//', '//user:pass@') }), 'some text');
    assert.equal(await useAll(plainEndpoint(), { ...directNetwork, proxyUrl, proxyAuthorization }), 'some text');
    for (const wrong of [proxyUrl, proxyUrl.replace('//', '//user:wrong@')]) {
      const error = await rejection(useAll(plainEndpoint(), { ...directNetwork, proxyUrl: wrong }));
      assert.equal(error.code, 'network/unreachable');
      assert.match(error.message, /proxy/);
      assert.doesNotMatch(error.message, /wrong/);
    }
  });

  it('that ends TLS itself is refused with whose certificate it showed, until its authority is trusted', async function () {
    const squid = await start(this, { intercepts: true });
    const network = { ...directNetwork, proxyUrl: `http://127.0.0.1:${squid.port}` };
    const error = await rejection(useAll(secureEndpoint(), network));
    assert.equal(error.code, 'network/certificate', error.message);
    const oss = accessTo(oneProfile({ endpoint: secureEndpoint(), region: 'cn-hangzhou', addressing: 'path' }), { network });
    const { failure } = await oss.diagnose('p', undefined, never);
    await oss.close();
    assert.deepEqual([failure?.check, failure?.error.details.certificate?.issuer], ['certificate', 'Intercepting Test CA'], failure?.error.message);
    assert.equal(await useAll(secureEndpoint(), { ...network, extraCertificates: [squid.caPem] }), 'some text');
  });
});
