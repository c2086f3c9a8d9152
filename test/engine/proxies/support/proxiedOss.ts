import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createHttpObjectReader } from '../../../../src/oss/http/httpObjectReader.ts';
import type { NetworkSettings } from '../../../../src/oss/networkSettings.ts';
import type { Profile } from '../../../../src/oss/profile.ts';
import { startOssServer } from '../../../server/ossServer.ts';
import type { OssServer } from '../../../server/ossServer.ts';
import { accessTo, never, oneProfile } from '../../../unit/oss/support/access.ts';
import { readAll } from '../../../unit/oss/support/answers.ts';
import { selfSignedCertificate } from '../../../unit/oss/support/selfSigned.ts';
import type { RunningProxy } from './proxyProgram.ts';

export const proxiedObject = { profile: 'p', bucket: 'bucket-1', key: 'k.txt' };

/** An OSS server with and without TLS, by a name for this machine that is sent through a proxy. */
export interface ProxiedOss {
  readonly plainEndpoint: string;
  readonly secureEndpoint: string;
  /** Of the secure endpoint: nobody vouches for it. */
  readonly certificate: string;
  profileAt(endpoint: string): Omit<Profile, 'name' | 'credentials'>;
  /** Lists, signs and downloads. @returns the text of the object */
  useAll(endpoint: string, network: NetworkSettings): Promise<string>;
  close(): Promise<void>;
}

/** @param host as it stands in a URL: a name, or an address that is not among those that are never proxied */
export async function startProxiedOss(host: string): Promise<ProxiedOss> {
  const server: OssServer = await startOssServer({ buckets: { 'bucket-1': {} } });
  server.store.bucket('bucket-1').put('k.txt', { text: 'some text' });
  const pair = selfSignedCertificate();
  const secure: Server = createTlsServer(pair, (incoming, outgoing) => {
    const { method, url, headers } = incoming;
    incoming.pipe(
      httpRequest(server.url, { method: method ?? 'GET', path: url ?? '/', headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      }),
    );
  });
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  const profileAt = (endpoint: string) => ({ endpoint, region: 'cn-hangzhou', addressing: 'path' }) as const;
  return {
    plainEndpoint: `http://${host}:${server.port}`,
    secureEndpoint: `https://${host}:${(secure.address() as AddressInfo).port}`,
    certificate: pair.cert,
    profileAt,
    async useAll(endpoint, network) {
      const oss = accessTo(oneProfile(profileAt(endpoint)), { network });
      const reader = createHttpObjectReader(network);
      try {
        assert.equal((await oss.listEntries(proxiedObject, '', undefined, never)).items.length, 1);
        const { url } = await oss.signGet(proxiedObject, never);
        return (await readAll(reader, { url })).bytes.toString();
      } finally {
        await oss.close();
        await reader.close();
      }
    },
    async close() {
      secure.closeAllConnections();
      await new Promise((resolve) => secure.close(resolve));
      await server.close();
    },
  };
}

/** Skips the test where the program is not installed, unless `REQUIRE_PEERS=1` asks for it. */
export function orSkip<T extends RunningProxy>(test: Mocha.Context, started: T | undefined, missing: string): T {
  if (started === undefined) {
    if (process.env['REQUIRE_PEERS'] === '1') throw new Error(`${missing}, and REQUIRE_PEERS=1 asks for it`);
    console.log(`skipped: ${missing}`);
    return test.skip();
  }
  return started;
}
