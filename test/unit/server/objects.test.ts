import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { crc64 } from '../../server/objects/crc64.ts';
import type { OssServer } from '../../server/ossServer.ts';
import { startOssServer } from '../../server/ossServer.ts';
import { expectedBytes, seededCrc64 } from '../../server/objects/seededObject.ts';
import { failure, text } from './support/ossXml.ts';
import { send } from './support/rawClient.ts';
import type { RawResponse } from './support/rawClient.ts';
import { defaultSigner, pathOf, sendSigned, signV4 } from './support/signedClient.ts';
import { until } from './support/until.ts';

describe('objects of the local server', () => {
  let server: OssServer;
  const nowMs = Date.UTC(2026, 0, 1);

  before(async () => {
    server = await startOssServer({ now: () => nowMs, buckets: { bucket: {} } });
  });
  after(() => server.close());
  afterEach(() => {
    server.settings.honourIfRange = false;
    server.settings.dialect = 'oss';
  });

  const get = (
    key: string,
    headers: Record<string, string> = {},
    query: Record<string, string> = {},
  ): Promise<RawResponse> => sendSigned(server, { bucket: 'bucket', key, headers, query });
  const head = (key: string): Promise<RawResponse> => sendSigned(server, { method: 'HEAD', bucket: 'bucket', key });

  it('GET and HEAD report type, class, dates, MD5 as ETag, CRC-64 and RequestId', async () => {
    server.store.bucket('bucket').put('a.txt', { text: 'hello' }, { headers: { 'x-oss-meta-colour': 'red' } });
    const md5 = createHash('md5').update('hello').digest();
    for (const response of [await get('a.txt'), await head('a.txt')]) {
      const { headers } = response;
      assert.equal(response.status, 200);
      assert.equal(headers['etag'], `"${md5.toString('hex').toUpperCase()}"`);
      assert.equal(headers['content-md5'], md5.toString('base64'));
      assert.equal(headers['x-oss-hash-crc64ecma'], crc64(Buffer.from('hello')).toString());
      assert.equal(headers['content-length'], '5');
      assert.equal(headers['content-type'], 'text/plain');
      assert.equal(headers['last-modified'], 'Thu, 01 Jan 2026 00:00:00 GMT');
      assert.equal(headers['date'], 'Thu, 01 Jan 2026 00:00:00 GMT');
      assert.equal(headers['x-oss-object-type'], 'Normal');
      assert.equal(headers['x-oss-storage-class'], 'Standard');
      assert.equal(headers['x-oss-meta-colour'], 'red');
      assert.equal(headers['x-oss-version-id'], undefined);
      assert.match(String(headers['x-oss-request-id']), /^[0-9A-F]{24}$/);
    }
  });

  it('a range has the CRC-64 of the whole object and seeded bytes at any offset', async () => {
    const sizeBytes = 50 * 1024 ** 3;
    server.store.bucket('bucket').put('huge.bin', { seed: 8, sizeBytes });
    const start = 45 * 1024 ** 3 + 3;
    const response = await get('huge.bin', { range: `bytes=${start}-${start + 9999}` });
    assert.equal(response.status, 206);
    assert.equal(response.headers['content-range'], `bytes ${start}-${start + 9999}/${sizeBytes}`);
    assert.ok(response.body.equals(expectedBytes(8, start, start + 10_000)));
    assert.equal(response.headers['x-oss-hash-crc64ecma'], seededCrc64(8, sizeBytes).toString());
    assert.match(String(response.headers['etag']), /^"[0-9A-F]{32}-6400"$/);
    assert.equal(response.headers['x-oss-object-type'], 'Multipart');
  });

  it('a range past the end gives 200 and the whole object; in the standard way it is clipped or a 416', async () => {
    server.store.bucket('bucket').put('ten', { text: '0123456789' });
    const past = await get('ten', { range: 'bytes=5-10' });
    assert.deepEqual(
      [past.status, past.headers['content-range'], past.body.toString()],
      [200, undefined, '0123456789'],
    );
    const clipped = await get('ten', { range: 'bytes=5-10', 'x-oss-range-behavior': 'standard' });
    assert.deepEqual(
      [clipped.status, clipped.headers['content-range'], clipped.body.toString()],
      [206, 'bytes 5-9/10', '56789'],
    );
    assert.deepEqual(failure(await get('ten', { range: 'bytes=10-', 'x-oss-range-behavior': 'standard' })), {
      status: 416,
      code: 'InvalidRange',
      ec: undefined,
    });
  });

  it('a failed condition gives 412 with its name, or 304 without a body', async () => {
    const { etag } = server.store.bucket('bucket').put('c', { text: 'c' });
    const changed = await get('c', { 'if-match': '"other"' });
    assert.deepEqual(
      [changed.status, text(changed.body.toString(), 'Code'), text(changed.body.toString(), 'Condition')],
      [412, 'PreconditionFailed', 'If-Match'],
    );
    const unchanged = await get('c', { 'if-none-match': etag });
    assert.deepEqual([unchanged.status, unchanged.body.length, unchanged.headers['etag']], [304, 0, etag]);
    assert.equal((await get('c', { 'if-modified-since': 'nonsense' })).status, 200);
  });

  it('If-Range is ignored like on OSS, and honoured by a server setting', async () => {
    const { etag } = server.store.bucket('bucket').put('r', { text: '0123456789' });
    assert.equal((await get('r', { range: 'bytes=0-1', 'if-range': '"other"' })).status, 206);
    server.settings.honourIfRange = true;
    assert.equal((await get('r', { range: 'bytes=0-1', 'if-range': etag })).status, 206);
    const changed = await get('r', { range: 'bytes=0-1', 'if-range': '"other"' });
    assert.deepEqual([changed.status, changed.body.toString()], [200, '0123456789']);
  });

  it('text of 1 KiB and more is compressed if gzip is accepted, without ETag and Content-Length', async () => {
    const long = 'compress me '.repeat(1000);
    server.store.bucket('bucket').put('long.txt', { text: long });
    const zipped = await get('long.txt', { 'accept-encoding': 'gzip, deflate' });
    assert.equal(zipped.headers['content-encoding'], 'gzip');
    assert.equal(zipped.headers['etag'], undefined);
    assert.equal(zipped.headers['content-length'], undefined);
    assert.equal(gunzipSync(zipped.body).toString(), long);
    const identity = await get('long.txt', { 'accept-encoding': 'identity' });
    assert.deepEqual([identity.headers['content-encoding'], identity.body.toString()], [undefined, long]);
  });

  it('x-oss-traffic-limit limits the rate and must be within its bounds', async () => {
    server.store.bucket('bucket').put('slow', { seed: 1, sizeBytes: 40_000 });
    const started = performance.now();
    const limited = await get('slow', { 'x-oss-traffic-limit': '819200' });
    assert.equal(limited.body.length, 40_000);
    assert.ok(performance.now() - started > 300, 'at 102400 bytes a second it takes 390 ms');
    for (const wrong of ['819199', '838860801', 'fast']) {
      assert.equal(failure(await get('slow', {}, { 'x-oss-traffic-limit': wrong })).code, 'InvalidArgument');
    }
  });

  it('an object of 50 GiB takes no memory, and a client that leaves ends the body', async () => {
    server.store.bucket('bucket').put('huge.bin', { seed: 8, sizeBytes: 50 * 1024 ** 3 });
    const before = process.memoryUsage().rss;
    const leave = new AbortController();
    await send(server.port, {
      path: pathOf({ bucket: 'bucket', key: 'huge.bin' }),
      headers: signV4({ bucket: 'bucket', key: 'huge.bin' }, defaultSigner(server)),
      signal: leave.signal,
      onProgress: (bytes) => {
        if (bytes > 20_000_000) {
          leave.abort();
        }
      },
    });
    const entry = server.requests.of('bucket', 'huge.bin').at(-1)!;
    await until('the server noticed', () => entry.outcome === 'clientLeft');
    assert.ok(entry.bodyBytes < 100_000_000, `${entry.bodyBytes} bytes were sent`);
    assert.ok(process.memoryUsage().rss - before < 200_000_000);
  });

  it('an object can be put and deleted, and a wrong Content-MD5 is refused', async () => {
    const put = await sendSigned(server, {
      method: 'PUT',
      bucket: 'bucket',
      key: 'put',
      body: 'written',
      headers: { 'content-type': 'text/x-mine', 'x-oss-meta-a': 'b' },
    });
    assert.deepEqual(
      [put.status, put.headers['x-oss-hash-crc64ecma']],
      [200, crc64(Buffer.from('written')).toString()],
    );
    const read = await get('put');
    assert.deepEqual(
      [read.body.toString(), read.headers['content-type'], read.headers['x-oss-meta-a'], read.headers['etag']],
      ['written', 'text/x-mine', 'b', put.headers['etag']],
    );
    assert.equal(
      failure(
        await sendSigned(server, {
          method: 'PUT',
          bucket: 'bucket',
          key: 'put',
          body: 'x',
          headers: { 'content-md5': 'AAAA' },
        }),
      ).code,
      'InvalidDigest',
    );
    assert.equal((await sendSigned(server, { method: 'DELETE', bucket: 'bucket', key: 'put' })).status, 204);
    assert.deepEqual(failure(await get('put')), { status: 404, code: 'NoSuchKey', ec: '0026-00000001' });
  });

  it('HEAD of a missing object has no body, but the XML in x-oss-err and the EC in x-oss-ec', async () => {
    const response = await head('missing');
    assert.deepEqual(failure(response), { status: 404, code: 'NoSuchKey', ec: '0026-00000001' });
    assert.deepEqual([response.body.length, response.headers['x-oss-ec']], [0, '0026-00000001']);
    const xml = Buffer.from(String(response.headers['x-oss-err']), 'base64').toString();
    assert.equal(text(xml, 'RequestId'), response.headers['x-oss-request-id']);
    assert.equal(text(xml, 'HostId'), '127.0.0.1');
  });

  it('a plain server sends no OSS headers, XML or signatures, and ranges as in RFC 9110', async () => {
    server.store.bucket('bucket').put('plain.txt', { text: '0123456789' });
    server.settings.dialect = 'plain';
    const response = await get('plain.txt', { range: 'bytes=5-99', authorization: 'none' });
    assert.deepEqual(
      [response.status, response.body.toString(), response.headers['content-range']],
      [206, '56789', 'bytes 5-9/10'],
    );
    assert.deepEqual(
      Object.keys(response.headers).filter((name) => name.startsWith('x-oss') || name === 'server'),
      [],
    );
    const past = await get('plain.txt', { range: 'bytes=10-' });
    assert.deepEqual(
      [past.status, past.headers['content-range'], past.headers['content-type']],
      [416, 'bytes */10', 'text/plain'],
    );
    assert.equal((await get('nothing')).body.toString(), '404 NoSuchKey\n');
  });
}).timeout(10_000);
