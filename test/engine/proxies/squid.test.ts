import assert from 'node:assert/strict';
import { accessTo, never, oneProfile } from '../../unit/oss/support/access.ts';
import { directNetwork, rejection } from '../../unit/oss/support/answers.ts';
import { orSkip, startProxiedOss } from './support/proxiedOss.ts';
import type { ProxiedOss } from './support/proxiedOss.ts';
import { proxiedHost, startSquid } from './support/squid.ts';
import type { Squid, SquidOptions } from './support/squid.ts';

describe('through squid', function () {
  this.timeout(60_000);
  let oss: ProxiedOss;
  const running: Squid[] = [];

  before(async () => {
    oss = await startProxiedOss(proxiedHost);
  });
  afterEach(() => Promise.all(running.splice(0).map((squid) => squid.stop())));
  after(() => oss.close());

  const start = async (test: Mocha.Context, options?: SquidOptions): Promise<Squid> => {
    const squid = orSkip(test, await startSquid(options), 'squid is not installed (Debian package squid-openssl)');
    running.push(squid);
    return squid;
  };

  it('squid forwards listings and downloads', async function () {
    const squid = await start(this);
    assert.equal(
      await oss.useAll(oss.plainEndpoint, { ...directNetwork, proxyUrl: `http://127.0.0.1:${squid.port}` }),
      'some text',
    );
    assert(squid.handled() > 0);
  });

  it('squid accepts a user and password from the URL or a header, and refuses requests without', async function () {
    const squid = await start(this, { login: 'user:pass' });
    const proxyUrl = `http://127.0.0.1:${squid.port}`;
    const proxyAuthorization = `Basic ${Buffer.from('user:pass').toString('base64')}`;
    assert.equal(
      await oss.useAll(oss.plainEndpoint, { ...directNetwork, proxyUrl: proxyUrl.replace('//', '//user:pass@') }),
      'some text',
    );
    assert.equal(await oss.useAll(oss.plainEndpoint, { ...directNetwork, proxyUrl, proxyAuthorization }), 'some text');
    for (const wrong of [proxyUrl, proxyUrl.replace('//', '//user:wrong@')]) {
      const error = await rejection(oss.useAll(oss.plainEndpoint, { ...directNetwork, proxyUrl: wrong }));
      assert.equal(error.code, 'network/unreachable');
      assert.match(error.message, /proxy/);
      assert.doesNotMatch(error.message, /wrong/);
    }
  });

  it('squid works over TLS, also with a password, once its certificate is trusted', async function () {
    const squid = await start(this, { isSecure: true, login: 'user:pass' });
    const network = { ...directNetwork, proxyUrl: `https://user:pass@127.0.0.1:${squid.port}` };
    const error = await rejection(oss.useAll(oss.plainEndpoint, network));
    assert.equal(error.code, 'network/certificate', error.message);
    assert.equal(await oss.useAll(oss.plainEndpoint, { ...network, extraCertificates: [squid.caPem] }), 'some text');
    // TLS within TLS; no certificate covers a host name that only the proxy resolves
    assert.equal(await oss.useAll(oss.secureEndpoint, { ...network, strictTls: false }), 'some text');
    assert(squid.handled() > 0);
  });

  it('a squid that intercepts TLS is refused by the name of its certificate until trusted', async function () {
    const squid = await start(this, { intercepts: true });
    const network = { ...directNetwork, proxyUrl: `http://127.0.0.1:${squid.port}` };
    const error = await rejection(oss.useAll(oss.secureEndpoint, network));
    assert.equal(error.code, 'network/certificate', error.message);
    const access = accessTo(oneProfile(oss.profileAt(oss.secureEndpoint)), { network });
    const { failure } = await access.diagnose('p', undefined, never);
    await access.close();
    assert.deepEqual(
      [failure?.check, failure?.error.details.certificate?.issuer],
      ['certificate', 'Intercepting Test CA'],
      failure?.error.message,
    );
    assert.equal(await oss.useAll(oss.secureEndpoint, { ...network, extraCertificates: [squid.caPem] }), 'some text');
  });
});
