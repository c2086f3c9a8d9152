import assert from 'node:assert/strict';
import { accessTo, never, oneProfile } from '../../unit/oss/support/access.ts';
import { directNetwork, rejection } from '../../unit/oss/support/answers.ts';
import { orSkip, startProxiedOss } from './support/proxiedOss.ts';
import type { ProxiedOss } from './support/proxiedOss.ts';
import type { RunningProxy } from './support/proxyProgram.ts';
import { startTinyproxy } from './support/tinyproxy.ts';

/** 127.0.0.1 written as IPv6, which is no address that is never proxied: tinyproxy cannot be told names of its own. */
const mappedAddress = '[::ffff:127.0.0.1]';

describe('through tinyproxy', function () {
  this.timeout(60_000);
  let oss: ProxiedOss;
  const running: RunningProxy[] = [];

  before(async () => {
    oss = await startProxiedOss(mappedAddress);
  });
  afterEach(() => Promise.all(running.splice(0).map((proxy) => proxy.stop())));
  after(() => oss.close());

  const start = async (test: Mocha.Context, login?: string): Promise<RunningProxy> => {
    const proxy = orSkip(
      test,
      await startTinyproxy(login),
      'tinyproxy is not installed (Debian package tinyproxy-bin)',
    );
    running.push(proxy);
    return proxy;
  };
  const trusting = (): typeof directNetwork => ({ ...directNetwork, extraCertificates: [oss.certificate] });

  it('tinyproxy forwards listings and downloads over HTTP, and over HTTPS by CONNECT', async function () {
    const proxy = await start(this);
    const proxyUrl = `http://127.0.0.1:${proxy.port}`;
    assert.equal(await oss.useAll(oss.plainEndpoint, { ...directNetwork, proxyUrl }), 'some text');
    const forwarded = proxy.handled();
    assert(forwarded > 0);
    assert.equal(await oss.useAll(oss.secureEndpoint, { ...trusting(), proxyUrl }), 'some text');
    assert(proxy.handled() > forwarded);
  });

  it('an untrusted certificate behind tinyproxy is reported', async function () {
    const proxy = await start(this);
    const error = await rejection(
      oss.useAll(oss.secureEndpoint, { ...directNetwork, proxyUrl: `http://127.0.0.1:${proxy.port}` }),
    );
    assert.equal(error.code, 'network/certificate', error.message);
  });

  it('tinyproxy accepts a user and password from the URL or a header, and refuses requests without', async function () {
    const proxy = await start(this, 'user:pass');
    const proxyUrl = `http://127.0.0.1:${proxy.port}`;
    const proxyAuthorization = `Basic ${Buffer.from('user:pass').toString('base64')}`;
    for (const endpoint of [oss.plainEndpoint, oss.secureEndpoint]) {
      const before = proxy.handled();
      assert.equal(
        await oss.useAll(endpoint, { ...trusting(), proxyUrl: proxyUrl.replace('//', '//user:pass@') }),
        'some text',
      );
      assert.equal(await oss.useAll(endpoint, { ...trusting(), proxyUrl, proxyAuthorization }), 'some text');
      const known = proxy.handled();
      assert(known > before);
      for (const wrong of [proxyUrl, proxyUrl.replace('//', '//user:wrong@')]) {
        const error = await rejection(oss.useAll(endpoint, { ...trusting(), proxyUrl: wrong }));
        assert.equal(error.code, 'network/unreachable', error.message);
        assert.match(error.message, /proxy/);
        assert.doesNotMatch(error.message, /wrong/);
        const access = accessTo(oneProfile(oss.profileAt(endpoint)), { network: { ...trusting(), proxyUrl: wrong } });
        const { failure } = await access.diagnose('p', undefined, never);
        await access.close();
        assert.deepEqual(
          [failure?.error.code, failure?.error.details.proxy],
          ['network/unreachable', { origin: proxyUrl, setting: 'http.proxy' }],
        );
      }
      assert.equal(proxy.handled(), known);
    }
  });
});
