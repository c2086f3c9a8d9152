import assert from 'node:assert/strict';
import type { OssServer } from '../../server/ossServer.ts';
import { startOssServer } from '../../server/ossServer.ts';
import { defaultUser } from '../../server/signing/users.ts';
import type { OssUser } from '../../server/signing/users.ts';
import { failure, text, texts } from './support/ossXml.ts';
import { send } from './support/rawClient.ts';
import type { RawResponse } from './support/rawClient.ts';
import { defaultSigner, pathOf, presignV1, presignV4, sendSigned, signV1, signV4 } from './support/signedClient.ts';
import type { ObjectRequest, Signer } from './support/signedClient.ts';

const minute = 60_000;
const object = { bucket: 'private', key: 'a b+c.txt' };

describe('signature checks of the local server', () => {
  let server: OssServer;
  const sts: OssUser = {
    accessKeyId: 'STS.key',
    accessKeySecret: 'sts-secret',
    securityToken: 'token+/=',
    tokenExpiresMs: Date.now() + 60 * minute,
  };

  before(async () => {
    server = await startOssServer({
      users: [defaultUser, sts],
      buckets: { private: {}, public: { acl: 'public-read' }, shy: { acl: 'public-read', anonymousListing: false } },
    });
    for (const bucket of ['private', 'public', 'shy']) {
      server.store.bucket(bucket).put('a b+c.txt', { text: 'secret' });
    }
  });
  after(() => server.close());
  afterEach(() => {
    server.settings.clockOffsetMs = 0;
  });

  const signer = (changes: Partial<Signer> = {}): Signer => ({ ...defaultSigner(server), ...changes });
  const path = (target: string, headers: Record<string, string> = {}): Promise<RawResponse> =>
    send(server.port, { path: target, headers });
  const v1 = (request: ObjectRequest, by: Signer): Promise<RawResponse> =>
    send(server.port, { path: pathOf(request), headers: signV1(request, by) });
  const now = (): number => Math.floor(Date.now() / 1000);

  /** The four ways to sign one GET. */
  const ways: Readonly<Record<string, (by: Signer) => Promise<RawResponse>>> = {
    'V4 header': (by) => sendSigned(server, object, by),
    'V4 URL': (by) => path(presignV4(object, by, 600)),
    'V1 header': (by) => v1(object, by),
    'V1 URL': (by) => path(presignV1(object, by, now() + 600)),
  };

  for (const [way, request] of Object.entries(ways)) {
    it(`${way}: a right secret is accepted, a wrong secret and an unknown key are refused`, async () => {
      assert.equal((await request(signer())).body.toString(), 'secret');
      const wrong = await request(signer({ user: { ...defaultUser, accessKeySecret: 'guessed' } }));
      assert.deepEqual(failure(wrong), { status: 403, code: 'SignatureDoesNotMatch', ec: '0002-00000201' });
      assert.ok(text(wrong.body.toString(), 'StringToSign') !== undefined);
      assert.deepEqual(failure(await request(signer({ user: { ...defaultUser, accessKeyId: 'nobody' } }))), {
        status: 403,
        code: 'InvalidAccessKeyId',
        ec: '0002-00000902',
      });
    });

    it(`${way}: a temporary key needs its own, unexpired token`, async () => {
      assert.equal((await request(signer({ user: sts }))).body.toString(), 'secret');
      const without = { accessKeyId: sts.accessKeyId, accessKeySecret: sts.accessKeySecret };
      assert.equal(failure(await request(signer({ user: without }))).code, 'InvalidAccessKeyId');
      assert.equal(
        failure(await request(signer({ user: { ...sts, securityToken: 'other' } }))).code,
        'InvalidSecurityToken',
      );
      server.settings.users = [defaultUser, { ...sts, tokenExpiresMs: Date.now() - 1 }];
      assert.deepEqual(failure(await request(signer({ user: sts }))), {
        status: 403,
        code: 'SecurityTokenExpired',
        ec: '0002-00000007',
      });
      server.settings.users = [defaultUser, sts];
      assert.equal(
        failure(await request(signer({ user: { ...defaultUser, securityToken: 'token' } }))).code,
        'InvalidAccessKeyId',
      );
    });
  }

  for (const way of ['V4 header', 'V1 header']) {
    it(`${way}: a clock may be 14 minutes off, not 16, and the server reports its own`, async () => {
      for (const sign of [1, -1]) {
        assert.equal((await ways[way]!(signer({ nowMs: Date.now() + sign * 14 * minute }))).status, 200);
        const skewed = await ways[way]!(signer({ nowMs: Date.now() + sign * 16 * minute }));
        assert.deepEqual(failure(skewed), { status: 403, code: 'RequestTimeTooSkewed', ec: '0002-00000504' });
        assert.ok(Math.abs(Date.parse(skewed.headers.date ?? '') - Date.now()) < minute);
      }
    });
  }

  it('a signed URL expires, both V4 and V1', async () => {
    const v4Path = presignV4(object, signer(), 600);
    const v1Path = presignV1(object, signer(), now() + 600);
    server.settings.clockOffsetMs = 599_000;
    assert.equal((await path(v4Path)).status, 200);
    assert.equal((await path(v1Path)).status, 200);
    server.settings.clockOffsetMs = 602_000;
    for (const expired of [await path(v4Path), await path(v1Path)]) {
      assert.deepEqual(failure(expired), { status: 403, code: 'AccessDenied', ec: '0002-00000236' });
      assert.equal(text(expired.body.toString(), 'Message'), 'Request has expired.');
    }
  });

  it('a V4 URL lives at most 7 days', async () => {
    assert.equal((await path(presignV4(object, signer(), 604_800))).status, 200);
    assert.equal(failure(await path(presignV4(object, signer(), 604_801))).code, 'InvalidArgument');
  });

  it('a V4 signature for another region is a bad request', async () => {
    for (const response of [
      await sendSigned(server, object, signer({ region: 'cn-beijing' })),
      await sendSigned(server, object, signer({ region: 'oss-cn-hangzhou' })),
      await path(presignV4(object, signer({ region: 'cn-beijing' }), 600)),
    ]) {
      assert.deepEqual(failure(response), { status: 400, code: 'InvalidArgument', ec: '0002-00000226' });
      assert.equal(text(response.body.toString(), 'Message'), 'Invalid signing region in Authorization header.');
    }
  });

  it('Range and If-Match may be added to a signed URL, unsigned x-oss headers may not', async () => {
    const extra = { range: 'bytes=0-1', 'if-match': '*', 'accept-encoding': 'identity' };
    const behaviour = { 'x-oss-range-behavior': 'standard' };
    for (const [plain, signed] of [
      [presignV4(object, signer(), 600), presignV4({ ...object, headers: behaviour }, signer(), 600)],
      [presignV1(object, signer(), now() + 600), presignV1({ ...object, headers: behaviour }, signer(), now() + 600)],
    ] as const) {
      assert.equal((await path(plain, extra)).body.toString(), 'se');
      assert.equal(failure(await path(plain, behaviour)).code, 'SignatureDoesNotMatch');
      assert.equal((await path(signed, behaviour)).status, 200);
    }
  });

  it('a changed method, key, query or signed header is refused', async () => {
    const headers = signV4(object, signer());
    assert.equal(failure(await send(server.port, { path: '/private/other', headers })).code, 'SignatureDoesNotMatch');
    assert.equal(
      failure(await send(server.port, { path: `${pathOf(object)}?versionId=1`, headers })).code,
      'SignatureDoesNotMatch',
    );
    assert.equal(
      failure(await send(server.port, { path: pathOf(object), method: 'DELETE', headers })).code,
      'SignatureDoesNotMatch',
    );
    assert.equal(
      failure(
        await send(server.port, { path: pathOf(object), headers: { ...headers, 'x-oss-traffic-limit': '819200' } }),
      ).code,
      'SignatureDoesNotMatch',
    );
  });

  it('a private bucket needs a signature, a public one does not, and its listing can be forbidden', async () => {
    assert.deepEqual(failure(await path('/private/a%20b+c.txt')), {
      status: 403,
      code: 'AccessDenied',
      ec: '0003-00000001',
    });
    assert.equal((await path('/public/a%20b+c.txt')).body.toString(), 'secret');
    assert.equal((await path('/public/?list-type=2')).status, 200);
    assert.equal((await path('/shy/a%20b+c.txt')).status, 200);
    assert.equal(failure(await path('/shy/?list-type=2')).code, 'AccessDenied');
    assert.equal(failure(await path('/')).code, 'AccessDenied');
    assert.equal(
      failure(await send(server.port, { method: 'PUT', path: '/public/new', body: 'x' })).code,
      'AccessDenied',
    );
  });

  it('a user may do only what the rights allow', async () => {
    const limited: OssUser = {
      accessKeyId: 'limited',
      accessKeySecret: 'l',
      rights: [
        { action: 'list', bucket: 'private', prefix: 'team/' },
        { action: 'read', bucket: 'private', prefix: 'team/' },
      ],
    };
    server.settings.users = [defaultUser, limited];
    server.store.bucket('private').put('team/x', { text: 'x' });
    const as = signer({ user: limited });
    const status = async (request: ObjectRequest): Promise<number> => (await sendSigned(server, request, as)).status;
    assert.deepEqual(failure(await sendSigned(server, {}, as)), {
      status: 403,
      code: 'AccessDenied',
      ec: '0003-00000001',
    });
    assert.equal(await status({ bucket: 'private', key: 'team/x' }), 200);
    assert.equal(await status(object), 403);
    assert.equal(await status({ bucket: 'private', key: 'team/x', method: 'DELETE' }), 403);
    assert.equal(await status({ bucket: 'private', query: { 'list-type': '2', prefix: 'team/' } }), 200);
    assert.equal(await status({ bucket: 'private', query: { 'list-type': '2' } }), 403);
    server.settings.users = [defaultUser, sts];
    assert.deepEqual(texts((await sendSigned(server, {})).body.toString(), 'Name'), ['private', 'public', 'shy']);
  });
});
