import assert from 'node:assert/strict';
import { AppError } from '../../../../src/base/errors.ts';
import { SignedUrls } from '../../../../src/download/transfer/urlProvider.ts';
import type { UrlRefusal } from '../../../../src/oss/objectLister.ts';
import type { ObjectRef } from '../../../../src/oss/model.ts';
import { impatientClock, objectRef } from '../../../support/engineRig.ts';

const signal = new AbortController().signal;
const expired = new AppError('auth/urlExpired', 'expired');

describe('SignedUrls', () => {
  let asked: { object: ObjectRef; refusal: UrlRefusal | undefined }[];
  let nowMs: number;
  let lifetimeMs: number;
  let urls: SignedUrls;
  beforeEach(() => {
    asked = [];
    nowMs = 1_000_000;
    lifetimeMs = 3_600_000;
    const signer = {
      signGet: async (object: ObjectRef, _signal: AbortSignal, refusal?: UrlRefusal) => {
        asked.push({ object, refusal });
        await new Promise((resolve) => setImmediate(resolve));
        return { url: `url-${asked.length}`, expiresAtMs: nowMs + lifetimeMs };
      },
    };
    urls = new SignedUrls(signer, objectRef('a'), { ...impatientClock, wallMs: () => nowMs });
  });
  const use = (request: (url: string) => Promise<string> = (url) => Promise.resolve(url)): Promise<string> =>
    urls.use(request, signal);

  it('one signed URL serves all connections until shortly before it expires', async () => {
    assert.deepEqual(await Promise.all([use(), use(), use()]), ['url-1', 'url-1', 'url-1']);
    nowMs += lifetimeMs - 30_000;
    assert.equal(await use(), 'url-1');
    nowMs += 15_000;
    assert.equal(await use(), 'url-2');
  });

  it('a short-lived URL is used as it is', async () => {
    lifetimeMs = 10;
    assert.equal(await use(), 'url-1');
    assert.equal(await use(), 'url-2');
  });

  for (const code of [
    'auth/urlExpired',
    'auth/tokenExpired',
    'auth/unknownKey',
    'auth/clockSkewed',
    'endpoint/wrongEndpoint',
  ] as const) {
    it(`${code} causes a new signature and a retry`, async () => {
      await assert.rejects(
        use(() => Promise.reject(new AppError(code, 'no'))),
        (error) => error instanceof AppError && error.code === code && error.retryable,
      );
      assert.equal(await use(), 'url-2');
    });
  }

  it('a fresh URL is kept if only an older one was refused', async () => {
    await Promise.all([
      assert.rejects(use(() => Promise.reject(expired))),
      assert.rejects(
        use(async () => {
          assert.equal(await use(), 'url-2');
          throw expired;
        }),
      ),
    ]);
    assert.equal(await use(), 'url-2');
  });

  it('the reason why the last URL was refused is given once', async () => {
    await assert.rejects(
      use(() => Promise.reject(new AppError('auth/clockSkewed', 'no', { details: { serverTimeMs: 42 } }))),
    );
    await use();
    nowMs += lifetimeMs;
    await use();
    assert.deepEqual(
      asked.map(({ refusal }) => refusal),
      [undefined, { code: 'auth/clockSkewed', message: 'no', details: { serverTimeMs: 42 } }, undefined],
    );
  });

  it('other failures are passed on unchanged', async () => {
    const denied = new AppError('auth/accessDenied', 'denied');
    await assert.rejects(
      use(() => Promise.reject(denied)),
      denied,
    );
    assert.equal(await use(), 'url-1');
  });

  it('a version is requested only once it is known', async () => {
    await use();
    urls.pin('v1');
    urls.pin('v1');
    await use();
    assert.deepEqual(
      asked.map(({ object }) => object.versionId),
      [undefined, 'v1'],
    );
  });
});
