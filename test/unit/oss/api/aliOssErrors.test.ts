import assert from 'node:assert/strict';
import { AppError, errorCodes } from '../../../../src/base/errors.ts';
import type { Logger } from '../../../../src/base/logger.ts';
import type { OssAccess } from '../../../../src/oss/api/ossAccess.ts';
import type { Credentials, Profile } from '../../../../src/oss/profile.ts';
import { startOssServer } from '../../../server/ossServer.ts';
import type { OssServer } from '../../../server/ossServer.ts';
import { accessTo, goodCredentials, never, oneProfile } from '../support/access.ts';
import type { OneProfile } from '../support/access.ts';
import { assertFails, directNetwork, serve } from '../support/answers.ts';

const restricted = {
  accessKeyId: 'restricted-key',
  accessKeySecret: 'restricted-secret',
  rights: [{ action: 'list', bucket: 'private', prefix: 'mine/' } as const],
};
const sts = { accessKeyId: 'STS.key', accessKeySecret: 'sts-secret', securityToken: 'CAISsts-token' };
const bucket = { profile: 'p', bucket: 'private' };
const object = { ...bucket, key: 'k.txt' };

describe('OSS access: errors', () => {
  let server: OssServer;
  let lines: string[];
  let profiles: OneProfile;
  let oss: OssAccess;
  const logger: Logger = { log: (level, message) => void lines.push(`${level} ${message}`) };

  before(async () => {
    server = await startOssServer({
      users: [goodCredentials, restricted, { ...sts, tokenExpiresMs: Date.now() - 1000 }],
      buckets: { private: {} },
    });
    server.store.bucket('private').put('k.txt', { text: 'private text' });
  });
  beforeEach(() => {
    lines = [];
    profiles = oneProfile({ endpoint: server.url, region: 'cn-hangzhou' });
    oss = accessTo(profiles, { logger });
  });
  afterEach(async () => {
    await oss.close();
    server.faults.clear();
    server.requests.clear();
    server.settings.clockOffsetMs = 0;
  });
  after(() => server.close());

  const use = (current: Partial<Omit<Profile, 'name'>>, secret: Credentials | undefined = goodCredentials): void => {
    profiles.current = { ...profiles.current, ...current };
    profiles.secret = secret;
  };

  it('a refused request reports the OSS code, EC and RequestId, the same for GET and HEAD', async () => {
    const cases = [
      [{ ...goodCredentials, accessKeySecret: 'wrong' }, 'auth/wrongSecret', 'SignatureDoesNotMatch', '0002-00000201'],
      [{ ...goodCredentials, accessKeyId: 'unknown' }, 'auth/unknownKey', 'InvalidAccessKeyId', '0002-00000902'],
      [sts, 'auth/tokenExpired', 'SecurityTokenExpired', undefined],
      [restricted, 'auth/accessDenied', 'AccessDenied', undefined],
      [undefined, 'auth/accessDenied', 'AccessDenied', undefined],
    ] as const;
    for (const [secret, code, ossCode, ec] of cases) {
      profiles.secret = secret;
      for (const call of [
        () => oss.listEntries(bucket, '', undefined, never),
        () => oss.head(object, never),
        () => oss.listBuckets('p', undefined, never),
      ]) {
        const { details, message } = await assertFails(call(), code, false);
        assert.equal(details.ossCode, ossCode);
        assert.equal(details.status, 403);
        assert(
          details.requestId !== undefined && message.includes(details.requestId) && message.includes(ossCode),
          message,
        );
        if (ec !== undefined) {
          assert.equal(details.ec, ec);
        }
      }
    }
  });

  it('a user who may not list buckets can browse a prefix', async () => {
    use({}, restricted);
    assert.deepEqual((await oss.listEntries(bucket, 'mine/', undefined, never)).items, []);
    await assertFails(oss.listBuckets('p', undefined, never), 'auth/accessDenied', false);
  });

  it('a missing bucket and a missing object are told apart', async () => {
    const noBucket = { profile: 'p', bucket: 'nowhere' };
    const list = await assertFails(oss.listEntries(noBucket, 'a\n/', undefined, never), 'bucket/notFound', false);
    assert.equal(list.details.subject, 'oss://nowhere/a\\u000a/');
    await assertFails(oss.head({ ...noBucket, key: 'k' }, never), 'bucket/notFound', false);
    await assertFails(oss.head({ ...bucket, key: 'none' }, never), 'object/notFound', false);
    await assertFails(oss.head({ ...bucket, key: '' }, never), 'input/invalidPath', false);
  });

  it('an unresolved or unreachable host is named', async () => {
    use({ endpoint: 'http://oss.no-such-host.invalid' });
    const error = await assertFails(oss.listEntries(bucket, '', undefined, never), 'network/nameNotResolved', true);
    assert.equal(error.details.subject, 'http://private.oss.no-such-host.invalid');
    const gone = await serve(() => undefined);
    await gone.close();
    use({ endpoint: gone.origin });
    await assertFails(oss.head(object, never), 'network/unreachable', true);
  });

  it('an invalid profile is refused before any request is sent', async () => {
    for (const [current, code] of [
      [{ endpoint: 'not a url' }, 'input/invalidEndpoint'],
      [{ endpoint: `${server.url}/path?x=1` }, 'input/invalidEndpoint'],
      [{ endpoint: server.url, region: 'no region' }, 'input/invalidEndpoint'],
    ] as const) {
      use(current);
      await assertFails(oss.listBuckets('p', undefined, never), code, false);
      await assertFails(oss.signGet(object, never), code, false);
    }
    profiles.current = { endpoint: server.url };
    const error = await assertFails(oss.listEntries(bucket, '', undefined, never), 'input/invalidEndpoint', false);
    assert.match(error.message, /add one to the profile, or choose signature v1/);
    await assertFails(oss.listBuckets('other', undefined, never), 'input/unknownProfile', false);
    assert.equal(server.requests.entries.length, 0);
  });

  it('temporary failures are retried a few times, permanent ones never', async () => {
    server.faults.add({ match: { times: 2 }, action: { kind: 'throttle', delayMs: 1 } });
    await oss.listEntries(bucket, '', undefined, never);
    assert.equal(server.requests.entries.length, 3);
    assert.equal(lines.filter((line) => line.startsWith('warn attempt')).length, 2);
    server.requests.clear();
    server.faults.clear();
    server.faults.add({ match: {}, action: { kind: 'drop' } });
    await assertFails(oss.head(object, never), 'network/interrupted', true);
    assert.equal(server.requests.entries.length, 3);
    server.requests.clear();
    server.faults.clear();
    server.faults.add({ match: {}, action: { kind: 'throttle', delayMs: 60_000 } });
    const error = await assertFails(oss.listEntries(bucket, '', undefined, never), 'server/throttled', true);
    assert.equal(error.details.retryAfterMs, 60_000);
    assert.equal(server.requests.entries.length, 1);
  });

  it('a login page is not taken for an empty bucket', async () => {
    server.faults.add({ match: {}, action: { kind: 'errorPage' } });
    await assertFails(oss.listEntries(bucket, '', undefined, never), 'server/unexpectedAnswer', false);
    await assertFails(oss.listBuckets('p', undefined, never), 'server/unexpectedAnswer', false);
  });

  it('a 304, a redirect or half a document is not taken for success', async () => {
    const answers = [
      (): { status: number; body: string } => ({ status: 304, body: '' }),
      () => ({ status: 302, body: '' }),
      () => ({ status: 200, body: '<ListBucketResult><Contents><Key>a</Key>' }),
      () => ({ status: 200, body: '<ListBucketResult><Contents><Key>a</Key></Contents></ListBucketResult>' }),
    ];
    for (const answer of answers) {
      const odd = await serve((_request, response) => {
        const { status, body } = answer();
        response.writeHead(status).end(body);
      });
      use({ endpoint: odd.origin });
      await assertFails(oss.listEntries(bucket, '', undefined, never), 'server/unexpectedAnswer', false);
      await assertFails(oss.head(object, never), 'server/unexpectedAnswer', false);
      await odd.close();
    }
  });

  it('the clock of the server is used once the local one is proven wrong, also for signed URLs', async () => {
    for (const offset of [-3_600_000, 7_200_000]) {
      server.settings.clockOffsetMs = offset;
      for (const signature of ['v4', 'v1'] as const) {
        use({ signature });
        const meta = await oss.head(object, never);
        const { url } = await oss.signGet(object, never);
        const answer = await fetch(url);
        assert.equal(await answer.text(), 'private text', `${signature} ${offset}`);
        assert.equal(answer.headers.get('etag'), meta.etag);
      }
    }
    assert.equal(
      server.requests.entries.filter(({ status }) => status === 403).length,
      2,
      'one refusal for each wrong clock',
    );
  });

  it('changed credentials, profiles and network settings apply to the next call', async () => {
    use({}, { ...goodCredentials, accessKeySecret: 'wrong' });
    await assertFails(oss.head(object, never), 'auth/wrongSecret', false);
    use({});
    await oss.head(object, never);
    use({ endpoint: 'http://127.0.0.1:1' });
    await assertFails(oss.head(object, never), 'network/unreachable', true);
    use({ endpoint: server.url });
    oss.setNetwork({ ...directNetwork, strictTls: false });
    await oss.head(object, never);
  });

  it('an abort stops a call at once: before it, while it waits, and between two attempts', async () => {
    const stopped = new Error('enough');
    await assert.rejects(oss.listBuckets('p', undefined, AbortSignal.abort(stopped)), stopped);
    await assert.rejects(oss.signGet(object, AbortSignal.abort(stopped)), stopped);
    for (const action of [
      { kind: 'delay', ms: 10_000 },
      { kind: 'throttle', delayMs: 4000 },
    ] as const) {
      server.faults.clear();
      server.faults.add({ match: {}, action });
      const controller = new AbortController();
      const call = oss.listEntries(bucket, '', undefined, controller.signal);
      setTimeout(() => controller.abort(stopped), 100);
      const started = performance.now();
      await assert.rejects(call, stopped);
      assert(performance.now() - started < 350, action.kind);
    }
  });

  it('no secret reaches an error or a log line', async () => {
    const secrets = {
      accessKeyId: 'LTAIkeyidLTAI',
      accessKeySecret: 'topsecretvalue',
      securityToken: 'CAISsecuritytoken',
    };
    const everything: string[] = [];
    const fails = async (call: Promise<unknown>): Promise<void> => {
      const error = await call.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      assert(error instanceof AppError && errorCodes.includes(error.code));
      everything.push(error.message, JSON.stringify(error.details), error.stack ?? '', String(error.cause));
    };
    for (const secret of [secrets, { ...secrets, accessKeyId: goodCredentials.accessKeyId }]) {
      for (const signature of ['v4', 'v1'] as const) {
        use({ signature }, secret);
        await fails(oss.listEntries(bucket, '', undefined, never));
        await fails(oss.head(object, never));
        server.faults.add({ match: {}, action: { kind: 'drop' } });
        await fails(oss.listBuckets('p', undefined, never));
        server.faults.clear();
      }
    }
    const text = [...everything, ...lines].join('\n');
    assert(lines.length > 0);
    assert.doesNotMatch(
      text,
      /LTAIkeyid|topsecret|CAISsecurity|local-access-key|Signature=|OSS4-HMAC|Credential=|authorization/i,
    );
  });
});
