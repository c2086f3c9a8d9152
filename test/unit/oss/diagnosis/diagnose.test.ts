import assert from 'node:assert/strict';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { OssAccess } from '../../../../src/oss/api/ossAccess.ts';
import type { Diagnosis } from '../../../../src/oss/diagnosis/diagnosis.ts';
import type { NetworkSettings } from '../../../../src/oss/networkSettings.ts';
import { proxiesOf, proxyFor } from '../../../../src/oss/http/proxyRoute.ts';
import { startOssServer } from '../../../server/ossServer.ts';
import type { OssServer } from '../../../server/ossServer.ts';
import { prefixUser } from '../../../server/signing/users.ts';
import { diagnosisText } from '../../../../src/vscode/profiles/diagnosisTexts.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';
import { accessTo, goodCredentials, never, oneProfile } from '../support/access.ts';
import type { OneProfile } from '../support/access.ts';
import { directNetwork, serve, serveRaw } from '../support/answers.ts';
import { selfSignedCertificate } from '../support/selfSigned.ts';

const restricted = {
  accessKeyId: 'restricted-key',
  accessKeySecret: 'restricted-secret',
  rights: [{ action: 'list', bucket: 'private' } as const],
};

describe('connection diagnosis', () => {
  let server: OssServer;
  let profiles: OneProfile;
  const open: OssAccess[] = [];
  before(async () => {
    server = await startOssServer({ users: [goodCredentials, restricted], buckets: { private: {} } });
  });
  beforeEach(() => {
    profiles = oneProfile({ endpoint: server.url, region: 'cn-hangzhou' });
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((oss) => oss.close()));
    server.settings.clockOffsetMs = 0;
    server.faults.clear();
  });
  after(() => server.close());

  const diagnose = async (
    network: NetworkSettings = directNetwork,
    bucket?: string,
    prefix?: string,
  ): Promise<Diagnosis> => {
    const oss = accessTo(profiles, { network });
    open.push(oss);
    return oss.diagnose(
      'p',
      bucket === undefined ? undefined : { profile: 'p', bucket, ...(prefix === undefined ? {} : { prefix }) },
      never,
    );
  };
  const words = (diagnosis: Diagnosis): string =>
    diagnosisText(diagnosis, { l10n: plainL10n, language: 'en', nowMs: Date.now() });
  const failsAt = (diagnosis: Diagnosis, check: string, code: string): void =>
    assert.deepEqual(
      [diagnosis.failure?.check, diagnosis.failure?.error.code],
      [check, code],
      diagnosis.failure?.error.message,
    );

  it('a working connection passes all steps', async () => {
    const found = await diagnose();
    assert.equal(found.failure, undefined, found.failure?.error.message);
    assert.deepEqual(
      found.findings.map(({ check }) => check),
      ['key', 'route', 'name', 'connection', 'answer', 'permission'],
    );
    const text = words(found);
    assert.match(text, /AccessKey loca…-key/);
    assert.match(text, /without a proxy/);
    assert.match(text, /may list buckets/);
    assert.doesNotMatch(JSON.stringify(found), /local-access-key|local-secret-key/);
    assert.deepEqual((await diagnose(directNetwork, 'private')).findings.at(-1), {
      check: 'permission',
      bucket: 'private',
    });
  });

  it('an anonymous profile needs no permission', async () => {
    profiles.secret = undefined;
    const found = await diagnose();
    assert.deepEqual([found.failure, found.findings.at(-1)?.check], [undefined, 'answer']);
    assert.match(words(found), /anonymous/i);
  });

  it('the diagnosis stops at an unresolved name and at a closed port', async () => {
    profiles.current = { endpoint: 'http://oss.no-such-host.invalid', region: 'cn-hangzhou' };
    failsAt(await diagnose(), 'name', 'network/nameNotResolved');
    const gone = await serve(() => undefined);
    await gone.close();
    profiles.current = { endpoint: gone.origin, region: 'cn-hangzhou' };
    failsAt(await diagnose(), 'connection', 'network/unreachable');
  });

  it('an untrusted certificate is named with its issuer and its fault', async () => {
    const certificate = selfSignedCertificate();
    const tls = createTlsServer(certificate, (_request, response) => response.end());
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    profiles.current = { endpoint: `https://127.0.0.1:${(tls.address() as AddressInfo).port}`, region: 'cn-hangzhou' };
    try {
      const found = await diagnose();
      failsAt(found, 'certificate', 'network/certificate');
      assert.match(words(found), /oss\.example.*DEPTH_ZERO_SELF_SIGNED_CERT/s);
      const trusted = await diagnose({ ...directNetwork, extraCertificates: [certificate.cert] });
      assert.equal(trusted.findings.find(({ check }) => check === 'certificate')?.check, 'certificate');
      const unchecked = await diagnose({ ...directNetwork, strictTls: false });
      assert.match(words(unchecked), /http\.proxyStrictSSL/);
    } finally {
      tls.closeAllConnections();
      await new Promise((resolve) => tls.close(resolve));
    }
  });

  it('a server that is not OSS is reported', async () => {
    const portal = await serve((_request, response) => response.end('<html>please sign in</html>'));
    profiles.current = { endpoint: portal.origin, region: 'cn-hangzhou' };
    failsAt(await diagnose(), 'answer', 'server/unexpectedAnswer');
    await portal.close();
  });

  it('a wrong clock is reported with its offset, and a wrong key and a missing permission by name', async () => {
    server.settings.clockOffsetMs = 5 * 3_600_000;
    const skewed = await diagnose();
    failsAt(skewed, 'answer', 'auth/clockSkewed');
    assert.match(words(skewed), /5 hours/);
    server.settings.clockOffsetMs = 0;
    profiles.secret = { ...goodCredentials, accessKeySecret: 'wrong' };
    failsAt(await diagnose(), 'permission', 'auth/wrongSecret');
    profiles.secret = { ...goodCredentials, accessKeyId: 'unknown' };
    failsAt(await diagnose(), 'permission', 'auth/unknownKey');
    profiles.secret = restricted;
    failsAt(await diagnose(), 'permission', 'auth/accessDenied');
    assert.equal((await diagnose(directNetwork, 'private')).failure, undefined);
  });

  it('the diagnosis of a folder sends no request above that folder', async () => {
    const user = prefixUser('private', 'team/');
    server.settings.users = [...server.settings.users, user];
    server.requests.clear();
    profiles.secret = user;
    failsAt(await diagnose(directNetwork, 'private'), 'permission', 'auth/accessDenied');
    const found = await diagnose(directNetwork, 'private', 'team/');
    assert.equal(found.failure, undefined, found.failure?.error.message);
    assert.match(words(found), /may list oss:\/\/private\/team\/$/);
    assert.deepEqual(
      server.requests.entries.filter(({ method }) => method === 'GET').map(({ status }) => status),
      [403, 200],
    );
  });

  it('the expiry of a temporary key is reported, before and after it', async () => {
    profiles.secret = { ...goodCredentials, securityToken: 't', expiresAtMs: Date.now() + 2 * 3_600_000 + 1000 };
    assert.match(words(await diagnose()), /temporary, ends in 2 hours/);
  });

  it('the proxy is named with the setting that it comes from, without its password', async () => {
    profiles.current = { endpoint: 'http://oss-cn-hangzhou.aliyuncs.com' };
    const proxyUrl = server.url.replace('//', '//user:hidden@');
    const found = await diagnose({ ...directNetwork, proxyUrl });
    assert.deepEqual(found.findings[1], {
      check: 'route',
      origin: 'http://oss-cn-hangzhou.aliyuncs.com',
      proxy: { origin: server.url, setting: 'http.proxy' },
    });
    assert.match(words(found), /http\.proxy/);
    assert.doesNotMatch(JSON.stringify(found), /hidden/);
    const bad = await diagnose({ ...directNetwork, proxyUrl: 'ftp://user:hidden@proxy' });
    failsAt(bad, 'route', 'network/unreachable');
    assert.doesNotMatch(JSON.stringify(bad), /hidden/);
  });

  it('a proxy that refuses the tunnel is reported', async () => {
    const proxy = await serveRaw((socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
    profiles.current = { endpoint: 'https://oss-cn-hangzhou.aliyuncs.com' };
    const found = await diagnose({ ...directNetwork, proxyUrl: proxy.origin });
    failsAt(found, 'certificate', 'network/unreachable');
    assert.match(found.failure?.error.message ?? '', /407/);
    assert.match(words(found), /proxy .* \(from http\.proxy\) wants a user and a password/);
    profiles.current = { endpoint: 'http://oss-cn-hangzhou.aliyuncs.com' };
    const open = await diagnose({ ...directNetwork, proxyUrl: proxy.origin });
    failsAt(open, 'answer', 'network/unreachable');
    assert.match(words(open), /proxy .* \(from http\.proxy\) wants a user and a password/);
    await proxy.close();
  });

  it('an aborted diagnosis ends', async () => {
    const silent = await serveRaw(() => undefined);
    profiles.current = { endpoint: silent.origin, region: 'cn-hangzhou' };
    const oss = accessTo(profiles);
    open.push(oss);
    const stop = new AbortController();
    const running = oss.diagnose('p', undefined, stop.signal);
    setImmediate(() => stop.abort(new Error('enough')));
    await assert.rejects(running, /enough/);
    await silent.close();
  });
});

describe('choice of a proxy', () => {
  const proxied: NetworkSettings = {
    ...directNetwork,
    proxyUrl: 'proxy.example:3128',
    noProxy: ['direct.example', '.below.example', '*.star.example', 'port.example:8443', '10.0.0.1'],
  };
  const cases: readonly (readonly [string, boolean])[] = [
    ['https://oss.example', true],
    ['https://direct.example', false],
    ['https://not.direct.example', true],
    ['https://a.below.example', false],
    ['https://a.star.example', false],
    ['https://port.example:8443', false],
    ['https://port.example', true],
    ['http://10.0.0.1:9000', false],
    ['http://127.0.0.1:9000', false],
    ['http://[::1]:9000', false],
    ['http://localhost', false],
  ];
  for (const [origin, isProxied] of cases) {
    it(`the proxy ${isProxied ? 'is used' : 'is bypassed'} for ${origin}`, () =>
      assert.equal(proxyFor(proxied, origin)?.url, isProxied ? 'http://proxy.example:3128' : undefined));
  }

  it('the proxy comes from the variable for its scheme, and the log can name it', () => {
    const network = { ...directNetwork, useEnvironment: true };
    const { http, https, noProxy } = proxiesOf(network, {
      http_proxy: 'a.example',
      HTTPS_PROXY: 'http://b.example',
      NO_PROXY: 'x.example, y.example',
    });
    assert.deepEqual(
      [http, https],
      [
        { url: 'http://a.example', setting: 'HTTP_PROXY' },
        { url: 'http://b.example', setting: 'HTTPS_PROXY' },
      ],
    );
    assert.deepEqual(noProxy.slice(-2), ['x.example', 'y.example']);
    assert.equal(proxiesOf(network, { HTTP_PROXY: 'a.example' }).https.setting, 'HTTP_PROXY');
    assert.equal(proxiesOf(directNetwork, { HTTP_PROXY: 'a.example' }).http.url, '');
  });
});
