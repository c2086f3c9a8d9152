import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { OssServer } from '../../server/ossServer.ts';
import { startOssServer } from '../../server/ossServer.ts';
import { awkwardKeys } from '../../server/objects/sampleData.ts';
import { failure, text } from './support/ossXml.ts';
import { send } from './support/rawClient.ts';
import type { RawResponse } from './support/rawClient.ts';
import { sendSigned } from './support/signedClient.ts';

describe('addressing on the local server', () => {
  let server: OssServer;

  before(async () => {
    server = await startOssServer({
      domains: ['oss.private.test'],
      cnames: { 'files.example.test': 'bucket' },
      buckets: { bucket: { acl: 'public-read' }, far: { acl: 'public-read', region: 'cn-beijing' } },
    });
    server.store.bucket('bucket').put('a/b.txt', { text: 'found' });
    server.store.bucket('far').put('a/b.txt', { text: 'found far away' });
    for (const key of awkwardKeys) {
      server.store.bucket('bucket').put(key, { text: key });
    }
  });
  after(() => server.close());

  const at = (host: string, path: string): Promise<RawResponse> => send(server.port, { path, headers: { host } });

  for (const [host, path] of [
    ['127.0.0.1', '/bucket/a/b.txt'],
    ['localhost:9000', '/bucket/a/b.txt'],
    ['unknown.example', '/bucket/a/b.txt'],
    ['bucket.localhost:9000', '/a/b.txt'],
    ['bucket.127.0.0.1', '/a/b.txt'],
    ['bucket.oss-cn-hangzhou.aliyuncs.com', '/a/b.txt'],
    ['bucket.oss-cn-hangzhou-internal.aliyuncs.com', '/a/b.txt'],
    ['bucket.cn-hangzhou.oss.aliyuncs.com', '/a/b.txt'],
    ['bucket.oss-accelerate.aliyuncs.com', '/a/b.txt'],
    ['bucket.oss-accelerate-overseas.aliyuncs.com', '/a/b.txt'],
    ['bucket.oss.private.test', '/a/b.txt'],
    ['files.example.test', '/a/b.txt'],
    ['any', 'http://through.proxy.test:80/bucket/a/b.txt'],
  ] as const) {
    it(`the object is found by Host ${host} and target ${path}`, async () => {
      assert.equal((await at(host, path)).body.toString(), 'found');
    });
  }

  it('path style is refused on the public cloud', async () => {
    assert.deepEqual(failure(await at('oss-cn-hangzhou.aliyuncs.com', '/bucket/a/b.txt')), {
      status: 403,
      code: 'SecondLevelDomainForbidden',
      ec: undefined,
    });
  });

  it('a request to the wrong region is sent to the right endpoint', async () => {
    for (const response of [
      await at('127.0.0.1', '/far/a/b.txt'),
      await at('bucket.oss-cn-shanghai.aliyuncs.com', '/a/b.txt'),
    ]) {
      assert.deepEqual(failure(response), { status: 403, code: 'AccessDenied', ec: '0003-00001403' });
      assert.match(text(response.body.toString(), 'Message')!, /must be addressed using the specified endpoint/);
    }
    assert.equal(
      text((await at('127.0.0.1', '/far/a/b.txt')).body.toString(), 'Endpoint'),
      'oss-cn-beijing.aliyuncs.com',
    );
    assert.equal((await at('far.oss-cn-beijing.aliyuncs.com', '/a/b.txt')).body.toString(), 'found far away');
  });

  it('missing buckets and objects are reported', async () => {
    assert.deepEqual(failure(await at('127.0.0.1', '/nowhere/a')), {
      status: 404,
      code: 'NoSuchBucket',
      ec: '0015-00000101',
    });
    assert.deepEqual(failure(await at('127.0.0.1', '/bucket/nothing')), {
      status: 404,
      code: 'NoSuchKey',
      ec: '0026-00000001',
    });
  });

  for (const [what, path, code] of [
    ['a key that begins with a slash', '/bucket//a', 'InvalidObjectName'],
    ['a key that begins with a backslash', '/bucket/%5Ca', 'InvalidObjectName'],
    ['a key of 1024 bytes', `/bucket/${'a'.repeat(1024)}`, 'InvalidObjectName'],
    ['a key that is no UTF-8', '/bucket/%FF', 'InvalidObjectName'],
    ['a bucket name with capitals', '/Bucket/a', 'InvalidBucketName'],
    ['a bucket name of two letters', '/ab/a', 'InvalidBucketName'],
  ] as const) {
    it(`the server refuses ${what}`, async () => {
      assert.deepEqual(failure(await at('127.0.0.1', path)), { status: 400, code, ec: undefined });
    });
  }

  it('awkward keys work unchanged, with ranges and signatures too', async () => {
    for (const key of awkwardKeys) {
      assert.equal((await sendSigned(server, { bucket: 'bucket', key })).body.toString(), key, JSON.stringify(key));
    }
  });

  it('raw paths work, encoded or not', async () => {
    for (const [path, key] of [
      ['/bucket/a/../b.txt', 'a/../b.txt'],
      ['/bucket/a/%2e%2e/b.txt', 'a/../b.txt'],
      ['/bucket/back\\slash.txt', 'back\\slash.txt'],
      ['/bucket/percent%252Fencoded.txt', 'percent%2Fencoded.txt'],
      ['/bucket/double//slash.txt', 'double//slash.txt'],
      ['/bucket/plus+plus.txt', 'plus+plus.txt'],
    ] as const) {
      assert.equal((await at('127.0.0.1', path)).body.toString(), key, path);
    }
  });

  it('curl --path-as-is gets the object', async function () {
    const curl = await promisify(execFile)('curl', ['--version']).catch(() => undefined);
    if (curl === undefined) {
      this.skip();
    }
    const { stdout } = await promisify(execFile)('curl', [
      '-s',
      '--noproxy',
      '*',
      '--path-as-is',
      `${server.url}/bucket/a/../b.txt`,
    ]);
    assert.equal(stdout, 'a/../b.txt');
    assert.equal(server.requests.entries.at(-1)?.target, '/bucket/a/../b.txt');
  });
});
