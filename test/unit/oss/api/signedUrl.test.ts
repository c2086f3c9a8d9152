import assert from 'node:assert/strict';
import { createAliOssClient } from '../../../../src/oss/api/aliOssClient.ts';
import type { AliOssClient } from '../../../../src/oss/api/aliOssClient.ts';
import { encodePath, plainUrl, signUrlV1, signUrlV4 } from '../../../../src/oss/api/signedUrl.ts';
import vectors from '../../../data/oss-vectors.json' with { type: 'json' };

const credentials = { accessKeyId: 'ak', accessKeySecret: 'sk' };
const object = { profile: 'p', bucket: 'bucket', key: 'key' };
const base = { origin: 'http://bucket.oss-cn-hangzhou.aliyuncs.com', pathPrefix: '' };
const urllib = { request: () => Promise.reject(new Error('nothing is sent for signing')) };

function client(signature: 'v4' | 'v1', region = 'cn-hangzhou'): AliOssClient {
  return createAliOssClient({ urllib, credentials, region, bucket: 'bucket', signature, clockOffsetMs: 0 });
}

describe('signed URLs', () => {
  it('a V1 URL equals the published one', () => {
    const vector = vectors.signatureV1.find(({ id }) => id === 'v1-query');
    assert(vector?.expires !== undefined);
    const facts = { base, credentials, nowMs: (vector.expires - 3600) * 1000, lifetimeSeconds: 3600 };
    const url = signUrlV1(client('v1'), facts, { ...object, versionId: 'versionId' });
    assert.deepEqual(parts(url), parts(vector.expect.url));
  });

  it('a V4 URL has the published signature', () => {
    const vector = vectors.signatureV4.find(({ id }) => id === 'v4-query-base');
    assert(vector?.expect.query !== undefined);
    const { 'x-oss-signature': signature, ...signed } = vector.expect.query;
    const own = vector.rawQuery.split('&').map((pair) => pair.split('=').map(decodeURIComponent));
    // ali-oss writes a parameter without a value only for null; its types know strings only.
    const queries = Object.fromEntries([
      ...Object.entries(signed),
      ...own.map(([name, value]) => [name, value === '' ? null : value]),
    ]) as Record<string, string>;
    const authorization = client('v4').authorizationV4(
      'PUT',
      { headers: vector.headers, queries },
      vector.bucket,
      vector.key,
    );
    assert(authorization.endsWith(`Signature=${signature}`), authorization);
  });

  it('a V4 URL names date, region, lifetime, token and version', () => {
    const withToken = { ...credentials, securityToken: 'a+b/c=' };
    const facts = { base, credentials: withToken, nowMs: Date.UTC(2023, 11, 17, 2, 54, 37, 999), lifetimeSeconds: 599 };
    const url = signUrlV4(client('v4'), facts, { ...object, key: 'a b/\u4e2d', versionId: 'v1' }, 'cn-hangzhou');
    const { path, query } = parts(url);
    assert.equal(path, 'http://bucket.oss-cn-hangzhou.aliyuncs.com/a%20b/%E4%B8%AD');
    const { 'x-oss-signature': signature, ...rest } = query;
    assert.match(signature ?? '', /^[0-9a-f]{64}$/);
    assert.deepEqual(rest, {
      'x-oss-signature-version': 'OSS4-HMAC-SHA256',
      'x-oss-credential': 'ak/20231217/cn-hangzhou/oss/aliyun_v4_request',
      'x-oss-date': '20231217T025437Z',
      'x-oss-expires': '599',
      'x-oss-security-token': 'a+b/c=',
      versionId: 'v1',
    });
  });

  it('a signed URL encodes everything in a key except unreserved characters and slashes', () => {
    assert.equal(
      encodePath("a/../b//~-._ +!'()*%?#&=\\\u0001\u{1f600}"),
      'a/../b//~-._%20%2B%21%27%28%29%2A%25%3F%23%26%3D%5C%01%F0%9F%98%80',
    );
    assert.equal(
      plainUrl({ origin: 'http://127.0.0.1:9000', pathPrefix: '/bucket' }, { ...object, versionId: 'v' }),
      'http://127.0.0.1:9000/bucket/key?versionId=v',
    );
  });
});

function parts(url: string): { readonly path: string | undefined; readonly query: Readonly<Record<string, string>> } {
  const [path, query = ''] = url.split('?');
  return { path, query: Object.fromEntries(new URLSearchParams(query)) };
}
