import assert from 'node:assert/strict';
import type { IncomingMessage, OutgoingHttpHeaders, RequestListener } from 'node:http';
import { AppError } from '../../../../src/base/errors.ts';
import { createHttpObjectReader } from '../../../../src/oss/http/httpObjectReader.ts';
import type { HttpObjectReader } from '../../../../src/oss/http/httpObjectReader.ts';
import type { ReadRequest } from '../../../../src/oss/objectReader.ts';
import { assertFails, directNetwork, readAll, serve } from '../support/answers.ts';
import type { LocalServer, Received } from '../support/answers.ts';

const content = Buffer.from('0123456789abcdefghij');
const etag = '"5B3C1A2E053D763E1B002CC607C5A0FE"';

describe('HttpObjectReader: accepted responses', () => {
  let reader: HttpObjectReader;
  let server: LocalServer;
  let seen: IncomingMessage | undefined;
  let listener: RequestListener;

  beforeEach(async () => {
    reader = createHttpObjectReader(directNetwork);
    server = await serve((request, response) => {
      seen = request;
      listener(request, response);
    });
  });
  afterEach(async () => {
    await reader.close();
    await server.close();
  });

  const answer = (status: number, headers: OutgoingHttpHeaders, body: Uint8Array | string = ''): void => {
    listener = (_request, response) => {
      response.writeHead(status, headers).end(body);
    };
  };
  const read = (request: Partial<ReadRequest> = {}): Promise<Received> =>
    readAll(reader, { url: `${server.origin}/b/k`, ...request });
  const range = { start: 4, end: 8 };
  const part = { 'content-range': 'bytes 4-7/20', etag };

  it('a request carries the range, the validator and "identity", and delivers exactly the range', async () => {
    answer(
      206,
      {
        ...part,
        'x-oss-hash-crc64ecma': '123',
        'x-oss-version-id': 'v1',
        'last-modified': 'Fri, 24 Feb 2012 06:07:48 GMT',
      },
      '4567',
    );
    const { response, bytes } = await read({ range, validator: { kind: 'ifMatch', etag } });
    assert.equal(bytes.toString(), '4567');
    assert.equal(response?.kind, 'range');
    assert.deepEqual(
      { ...response.object, date: '' },
      { sizeBytes: 20, etag, lastModified: 'Fri, 24 Feb 2012 06:07:48 GMT', crc64: '123', versionId: 'v1', date: '' },
    );
    assert.equal(seen?.headers.range, 'bytes=4-7');
    assert.equal(seen.headers['if-match'], etag);
    assert.equal(seen.headers['accept-encoding'], 'identity');
    assert.equal(seen.headers.authorization, undefined);
  });

  it('the other two validators are sent unchanged', async () => {
    answer(206, part, '4567');
    await read({ range, validator: { kind: 'ifRange', value: etag } });
    assert.equal(seen?.headers['if-range'], etag);
    await read({ range, validator: { kind: 'ifUnmodifiedSince', date: 'Fri, 24 Feb 2012 06:07:48 GMT' } });
    assert.equal(seen.headers['if-unmodified-since'], 'Fri, 24 Feb 2012 06:07:48 GMT');
  });

  it('every byte of an awkward path is kept', async () => {
    answer(200, {}, content);
    const { bytes } = await readAll(reader, { url: `${server.origin}/b/../a//%2e%2E/\\x/ü .txt?q=%2F#fragment` });
    assert.deepEqual(bytes, content);
    assert.equal(seen?.url, '/b/../a//%2e%2E/\\x/%C3%BC%20.txt?q=%2F');
  });

  it('a range that reaches past the end delivers the part that exists', async () => {
    answer(206, { 'content-range': 'bytes 16-19/20', etag }, 'ghij');
    const { response, bytes } = await read({ range: { start: 16, end: 100 } });
    assert.deepEqual([bytes.toString(), response?.kind, response?.object.sizeBytes], ['ghij', 'range', 20]);
  });

  it('an empty object can be read', async () => {
    answer(200, { etag, 'content-length': 0 });
    const { response, bytes } = await read({ validator: { kind: 'ifMatch', etag } });
    assert.deepEqual([bytes.length, response?.kind, response?.object.sizeBytes], [0, 'whole', 0]);
  });

  it('a 200 to a ranged request is offered as the whole object, and delivers nothing if the sink refuses', async () => {
    answer(200, { etag }, content);
    const { response } = await read({ range, validator: { kind: 'ifRange', value: '"old"' } });
    assert.equal(response?.kind, 'whole');
    const refusal = new AppError('range/notHonoured', 'no ranges here');
    const sink = {
      onResponse: () => {
        throw refusal;
      },
      onChunk: () => assert.fail('a byte was delivered'),
    };
    await assert.rejects(
      reader.read({ url: `${server.origin}/b/k`, range, stallTimeoutMs: 5000 }, sink, new AbortController().signal),
      refusal,
    );
  });

  for (const [what, headers] of [
    ['another range', { ...part, 'content-range': 'bytes 5-8/20' }],
    ['an end too early', { ...part, 'content-range': 'bytes 4-6/20' }],
    ['no Content-Range', { etag }],
    ['a total smaller than the range', { ...part, 'content-range': 'bytes 4-7/6' }],
    ['another unit', { ...part, 'content-range': 'items 4-7/20' }],
  ] as const) {
    it(`refuses a 206 with ${what}`, async () => {
      answer(206, headers, '4567');
      await assertFails(read({ range }), 'range/notHonoured', true);
    });
  }

  it('refuses a 206 to a request without a range', async () => {
    answer(206, part, '4567');
    await assertFails(read(), 'range/notHonoured', true);
  });

  it('refuses a body longer than the range, before the first extra byte', async () => {
    const delivered: Uint8Array[] = [];
    listener = (_request, response) => {
      response.writeHead(206, part);
      response.write('4567');
      response.end('89');
    };
    const sink = {
      onResponse: () => undefined,
      onChunk: (chunk: Uint8Array): void => {
        delivered.push(Uint8Array.from(chunk));
      },
    };
    await assertFails(
      reader.read({ url: `${server.origin}/k`, range, stallTimeoutMs: 5000 }, sink, new AbortController().signal),
      'range/notHonoured',
      true,
    );
    assert(Buffer.concat(delivered).length <= 4);
    answer(206, { ...part, 'content-length': 6 }, '456789');
    await assertFails(read({ range }), 'range/notHonoured', true);
  });

  it('reports a body shorter than the range as interrupted', async () => {
    answer(206, part, '45');
    await assertFails(read({ range }), 'network/interrupted', true);
  });

  it('refuses another version: another ETag, a newer date, or a 412', async () => {
    answer(206, { ...part, etag: '"other"' }, '4567');
    await assertFails(read({ range, validator: { kind: 'ifMatch', etag } }), 'object/changed', false);
    await assertFails(read({ range, validator: { kind: 'ifRange', value: etag } }), 'object/changed', false);
    answer(206, { ...part, 'last-modified': 'Fri, 24 Feb 2012 06:07:49 GMT' }, '4567');
    await assertFails(
      read({ range, validator: { kind: 'ifUnmodifiedSince', date: 'Fri, 24 Feb 2012 06:07:48 GMT' } }),
      'object/changed',
      false,
    );
    await assertFails(
      read({ range, validator: { kind: 'ifRange', value: 'Fri, 24 Feb 2012 06:07:48 GMT' } }),
      'object/changed',
      false,
    );
    answer(200, { etag: '"other"' }, content);
    await assertFails(read({ validator: { kind: 'ifMatch', etag } }), 'object/changed', false);
    answer(412, {}, '<Error><Code>PreconditionFailed</Code></Error>');
    await assertFails(read({ range, validator: { kind: 'ifMatch', etag } }), 'object/changed', false);
  });

  it('refuses a response without a validator although one was sent', async () => {
    answer(206, { 'content-range': 'bytes 4-7/20' }, '4567');
    await assertFails(read({ range, validator: { kind: 'ifMatch', etag } }), 'server/unexpectedAnswer', true);
    assert.equal(
      (await read({ range, validator: { kind: 'ifRange', value: etag } })).bytes.length,
      4,
      "a 206 is If-Range's own proof",
    );
  });

  it('refuses content encoded in transit, and accepts content stored encoded', async () => {
    answer(200, { 'content-encoding': 'gzip', 'transfer-encoding': 'chunked' }, content);
    await assertFails(read(), 'server/unexpectedAnswer', true);
    answer(200, { etag, 'transfer-encoding': 'gzip, chunked' }, content);
    await assertFails(read(), 'server/unexpectedAnswer', true);
    answer(200, { 'content-encoding': 'gzip', etag: `W/${etag}`, 'content-length': 20 }, content);
    await assertFails(read(), 'server/unexpectedAnswer', true);
    answer(206, { ...part, 'content-encoding': 'gzip' }, '4567');
    assert.equal((await read({ range, validator: { kind: 'ifMatch', etag } })).bytes.toString(), '4567');
  });

  it('ignores the CRC of a response through a symbolic link', async () => {
    answer(200, { etag, 'x-oss-object-type': 'Symlink', 'x-oss-hash-crc64ecma': '123' }, content);
    assert.equal((await read()).response?.object.crc64, undefined);
  });

  it('a 416 gives the size of an object that ends before the range', async () => {
    answer(416, { 'content-range': 'bytes */0' });
    const error = await assertFails(read({ range }), 'range/notHonoured', false);
    assert.deepEqual(error.details, { status: 416, sizeBytes: 0, subject: `${server.origin}/b/k` });
  });

  it('an error document is read up to a limit, and its message omits the query', async () => {
    const xml = '<Error><Code>AccessDenied</Code><Message>Request has expired.</Message><EC>0002-00000236</EC></Error>';
    answer(403, { 'x-oss-request-id': 'REQ1', date: 'Wed, 28 Dec 2022 10:27:41 GMT' }, xml + ' '.repeat(10_000_000));
    const error = await assertFails(
      readAll(reader, { url: `${server.origin}/b/k?Signature=hidden` }),
      'auth/urlExpired',
      false,
    );
    assert.deepEqual(error.details, {
      status: 403,
      ossCode: 'AccessDenied',
      requestId: 'REQ1',
      ec: '0002-00000236',
      serverTimeMs: Date.UTC(2022, 11, 28, 10, 27, 41),
      subject: `${server.origin}/b/k`,
    });
    assert(!error.message.includes('hidden'));
  });

  it('other statuses are reported by their meaning', async () => {
    for (const [status, code, retryable] of [
      [204, 'server/unexpectedAnswer', false],
      [304, 'server/unexpectedAnswer', false],
      [404, 'object/notFound', false],
      [418, 'server/refused', false],
      [429, 'server/throttled', true],
      [500, 'server/failed', true],
      [503, 'server/failed', true],
    ] as const) {
      answer(status, {});
      await assertFails(read(), code, retryable);
    }
  });

  it('an invalid URL is refused before any request is sent', async () => {
    for (const url of [
      '',
      'ftp://x/y',
      'http://',
      'http://user:secret@127.0.0.1/x',
      'oss://b/k',
      'http://a b/c',
      'http://[::1/x',
    ]) {
      const error = await assertFails(readAll(reader, { url }), 'input/invalidUrl', false);
      assert(!error.message.includes('secret'));
    }
  });
});
