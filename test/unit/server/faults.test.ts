import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import type { FaultAction, FaultMatch } from '../../server/http/faults.ts';
import type { OssServer } from '../../server/ossServer.ts';
import { startOssServer } from '../../server/ossServer.ts';
import { expectedBytes } from '../../server/objects/seededObject.ts';
import { failure, text } from './support/ossXml.ts';
import { send } from './support/rawClient.ts';
import type { RawResponse } from './support/rawClient.ts';
import { until } from './support/until.ts';

const sizeBytes = 3_000_000;
const bytes = expectedBytes(6, 0, sizeBytes);

describe('fault script for GET requests', () => {
  let server: OssServer;

  before(async () => {
    server = await startOssServer();
  });
  after(() => server.close());
  beforeEach(() => {
    server.store.addBucket('bucket', { acl: 'public-read' }).put('o', { seed: 6, sizeBytes });
  });
  afterEach(() => {
    server.faults.clear();
    server.requests.clear();
  });

  const script = (action: FaultAction, match: FaultMatch = {}): void => server.faults.add({ match, action });
  const get = (range?: string): Promise<RawResponse> =>
    send(server.port, { path: '/bucket/o', headers: range === undefined ? {} : { range } });

  describe('cuts', () => {
    for (const [afterBytes, arrives] of [
      [0, 0],
      [1, 1],
      [50, 50],
      [-1, 999_999],
      [-1_000_000, 0],
      [2_500_000, 1_000_000],
    ] as const) {
      it(`a cut after ${afterBytes} bytes of a part of 1,000,000 delivers ${arrives}`, async () => {
        script({ kind: 'cut', afterBytes });
        const response = await get('bytes=1000000-1999999');
        assert.equal(response.status, 206);
        assert.ok(response.body.equals(bytes.subarray(1_000_000, 1_000_000 + arrives)));
        assert.equal(response.broken, arrives === 1_000_000 ? undefined : 'ECONNRESET');
        await until(
          'the log has it',
          () => server.requests.entries[0]?.outcome === (arrives === 1_000_000 ? 'complete' : 'cut'),
        );
        assert.equal(server.requests.entries[0]?.bodyBytes, arrives);
      });
    }

    it('a cut can reset the connection', async () => {
      script({ kind: 'cut', afterBytes: 1000, how: 'reset' });
      const response = await get();
      assert.equal(response.broken, 'ECONNRESET');
      assert.ok(response.body.length <= 1000);
    });

    it('a cut can come before any response, by a close or by a reset', async () => {
      script({ kind: 'drop' }, { times: 1 });
      script({ kind: 'drop', how: 'reset' }, { nth: 2 });
      await assert.rejects(get(), { code: 'ECONNRESET' });
      await assert.rejects(get(), { code: 'ECONNRESET' });
    });

    it('a silent cut delivers the bytes before it and holds the connection until the client leaves', async () => {
      script({ kind: 'stall', afterBytes: 1234 });
      const leave = new AbortController();
      let received = 0;
      const pending = send(server.port, {
        path: '/bucket/o',
        signal: leave.signal,
        onProgress: (total) => {
          received = total;
        },
      });
      await until('the bytes have come', () => received === 1234);
      assert.deepEqual([server.requests.entries[0]?.outcome, server.requests.entries[0]?.bodyBytes], ['open', 1234]);
      leave.abort();
      assert.ok((await pending).body.equals(bytes.subarray(0, 1234)));
      await until('the server noticed', () => server.requests.entries[0]?.outcome === 'cut');
    });

    it('a cut by a restart refuses connections while the server is down, then serves on the same port', async () => {
      script({ kind: 'restart', afterBytes: 100, downMs: 100 }, { times: 1 });
      assert.equal((await get()).broken, 'ECONNRESET');
      await assert.rejects(get(), { code: 'ECONNREFUSED' });
      await until('it is back', () =>
        get().then(
          (response) => response.body.equals(bytes),
          () => false,
        ),
      );
    });
  });

  describe('delays', () => {
    it('a delay holds the response back', async () => {
      script({ kind: 'delay', ms: 60 });
      const started = performance.now();
      await get();
      assert.ok(performance.now() - started >= 59);
    });

    it('a rate limit slows the body down', async () => {
      script({ kind: 'rate', bytesPerSecond: 200_000 });
      const started = performance.now();
      assert.equal((await get('bytes=0-49999')).body.length, 50_000);
      assert.ok(performance.now() - started >= 240, 'at 200,000 bytes a second it takes 250 ms');
    });
  });

  describe('false responses', () => {
    it('a Range can be answered with 200 and the whole object', async () => {
      script({ kind: 'ignoreRange' });
      const response = await get('bytes=5-9');
      assert.deepEqual(
        [response.status, response.headers['content-range'], response.body.length],
        [200, undefined, sizeBytes],
      );
    });

    it('a range can be answered with another range that is declared as such', async () => {
      script({ kind: 'otherRange', shiftBytes: 100 });
      const response = await get('bytes=5-9');
      assert.deepEqual([response.status, response.headers['content-range']], [206, `bytes 105-109/${sizeBytes}`]);
      assert.ok(response.body.equals(bytes.subarray(105, 110)));
    });

    it('a response can name another total, another ETag, or no Content-Range', async () => {
      script({ kind: 'otherTotal', deltaBytes: 7 }, { times: 1 });
      assert.equal((await get('bytes=5-9')).headers['content-range'], `bytes 5-9/${sizeBytes + 7}`);
      script({ kind: 'otherEtag', etag: '"new"' }, { times: 1 });
      assert.equal((await get('bytes=5-9')).headers['etag'], '"new"');
      script({ kind: 'noContentRange' });
      const bare = await get('bytes=5-9');
      assert.deepEqual([bare.status, bare.headers['content-range']], [206, undefined]);
    });

    for (const [deltaBytes, framing] of [
      [-2, 'length'],
      [3, 'length'],
      [-2, 'chunked'],
      [3, 'chunked'],
    ] as const) {
      it(`a body that is off by ${deltaBytes} bytes, framed by ${framing}, ends in order`, async () => {
        script({ kind: 'wrongLength', deltaBytes, framing });
        const response = await get('bytes=5-14');
        assert.deepEqual([response.status, response.body.length, response.broken], [206, 10 + deltaBytes, undefined]);
        assert.equal(response.headers['content-range'], `bytes 5-14/${sizeBytes}`);
        assert.equal(response.headers['content-length'], framing === 'length' ? String(10 + deltaBytes) : undefined);
      });
    }

    it('a flipped byte keeps the length, anywhere in the body', async () => {
      script({ kind: 'wrongBytes', atByte: 1_048_575, count: 2 });
      const { body } = await get();
      const right = Buffer.from(bytes);
      assert.equal(body.length, sizeBytes);
      assert.deepEqual([body[1_048_575], body[1_048_576]], [right[1_048_575]! ^ 0xff, right[1_048_576]! ^ 0xff]);
      body.set(right.subarray(1_048_575, 1_048_577), 1_048_575);
      assert.ok(body.equals(right));
    });

    it('a response can be compressed although that was not requested', async () => {
      script({ kind: 'gzip' });
      const response = await send(server.port, {
        path: '/bucket/o',
        headers: { range: 'bytes=0-9', 'accept-encoding': 'identity' },
      });
      assert.deepEqual(
        [
          response.status,
          response.headers['content-encoding'],
          response.headers['etag'],
          response.headers['content-length'],
        ],
        [206, 'gzip', undefined, undefined],
      );
      assert.ok(gunzipSync(response.body).equals(bytes.subarray(0, 10)));
    });

    it('a page of HTML can be sent with 200', async () => {
      script({ kind: 'errorPage' });
      const response = await get('bytes=0-9');
      assert.deepEqual(
        [response.status, response.headers['content-type'], response.headers['x-oss-hash-crc64ecma']],
        [200, 'text/html', undefined],
      );
    });

    it('headers can be set and left out', async () => {
      script({ kind: 'headers', headers: { etag: 'W/"weak"', 'Last-Modified': null, 'content-length': null } });
      const response = await get('bytes=0-9');
      assert.deepEqual(
        [
          response.headers['etag'],
          response.headers['last-modified'],
          response.headers['content-length'],
          response.body.length,
        ],
        ['W/"weak"', undefined, undefined, 10],
      );
    });
  });

  describe('changed objects', () => {
    it('an object is replaced, grown or deleted just before the chosen requests', async () => {
      const replaced = { kind: 'put', bucket: 'bucket', key: 'o', content: { seed: 7, sizeBytes } } as const;
      script({ kind: 'change', change: replaced }, { nth: 2, times: 1 });
      script({ kind: 'change', change: { ...replaced, content: { seed: 6, sizeBytes: 10 } } }, { nth: 3, times: 1 });
      script(
        { kind: 'change', change: { kind: 'append', bucket: 'bucket', key: 'o', seed: 6, newSizeBytes: 20 } },
        { nth: 4, times: 1 },
      );
      script({ kind: 'change', change: { kind: 'delete', bucket: 'bucket', key: 'o' } }, { nth: 5, times: 1 });
      const answers = [
        await get('bytes=0-9'),
        await get('bytes=0-9'),
        await get('bytes=0-9'),
        await get('bytes=0-9'),
        await get('bytes=0-9'),
      ];
      assert.deepEqual(
        answers.map((answer) => answer.status),
        [206, 206, 206, 206, 404],
      );
      assert.ok(answers[1]!.body.equals(expectedBytes(7, 0, 10)));
      assert.deepEqual(
        answers.map((answer) => answer.headers['content-range']?.split('/')[1]),
        [String(sizeBytes), String(sizeBytes), '10', '20', undefined],
      );
      assert.equal(new Set(answers.map((answer) => answer.headers['etag'])).size, 5);
    });

    it('a change leaves a body that has begun unchanged', async () => {
      script({ kind: 'rate', bytesPerSecond: 20_000_000 });
      const pending = get();
      await until('it has begun', () => (server.requests.entries[0]?.bodyBytes ?? 0) > 0);
      server.store.bucket('bucket').put('o', { seed: 7, sizeBytes });
      assert.ok((await pending).body.equals(bytes));
    });
  });

  describe('error statuses', () => {
    it('any OSS error can be sent, with its headers and endpoint', async () => {
      script({
        kind: 'error',
        status: 403,
        code: 'AccessDenied',
        ec: '0003-00001403',
        endpoint: 'oss-cn-beijing.aliyuncs.com',
        headers: { 'x-extra': '1' },
      });
      const response = await get();
      assert.deepEqual(failure(response), { status: 403, code: 'AccessDenied', ec: '0003-00001403' });
      assert.deepEqual(
        [text(response.body.toString(), 'Endpoint'), response.headers['x-extra']],
        ['oss-cn-beijing.aliyuncs.com', '1'],
      );
      const head = await send(server.port, { method: 'HEAD', path: '/bucket/o' });
      assert.deepEqual(failure(head), { status: 403, code: 'AccessDenied', ec: '0003-00001403' });
    });

    it('a throttled burst names its delay and then serves', async () => {
      script({ kind: 'throttle', delayMs: 700 }, { times: 1 });
      script({ kind: 'throttle', status: 429 }, { nth: 2, times: 1 });
      const first = await get();
      assert.deepEqual(
        [first.status, failure(first).code, first.headers['x-oss-qos-delay-time']],
        [503, 'DownloadTrafficRateLimitExceeded', '700'],
      );
      assert.deepEqual(failure(await get()), { status: 429, code: 'QpsLimitExceeded', ec: undefined });
      assert.equal((await get()).status, 200);
    });

    it('a redirect leads within a host or to another one, with or without the query', async () => {
      script({ kind: 'redirect', location: 'http://other.test/moved?{query}', status: 307 });
      const response = await send(server.port, { path: '/bucket/o?a=b' });
      assert.deepEqual(
        [response.status, response.headers['location'], response.body.length],
        [307, 'http://other.test/moved?a=b', 0],
      );
    });
  });

  describe('matching rules', () => {
    it('a rule matches method, bucket, key and first byte, from the n-th request on, so many times', async () => {
      script({ kind: 'errorPage' }, { method: 'GET', bucket: 'bucket', key: 'o', rangeStart: 10, nth: 2, times: 2 });
      const statuses: number[] = [];
      for (const range of ['bytes=10-19', 'bytes=20-29', 'bytes=10-19', 'bytes=10-', 'bytes=10-11']) {
        statuses.push((await get(range)).status);
      }
      assert.deepEqual(statuses, [206, 206, 200, 200, 206]);
      assert.equal(server.faults.list()[0]?.seen, 4);
      script({ kind: 'errorPage' }, { rangeStart: 'none' });
      assert.deepEqual([(await get('bytes=0-1')).status, (await get()).headers['content-type']], [206, 'text/html']);
    });

    it('several rules can act on one request, and the log names them', async () => {
      script({ kind: 'otherEtag', etag: '"x"' });
      script({ kind: 'cut', afterBytes: 10 });
      const response = await get();
      assert.deepEqual([response.headers['etag'], response.body.length], ['"x"', 10]);
      assert.deepEqual(server.requests.of('bucket', 'o', 'GET')[0]?.faults, ['otherEtag', 'cut']);
    });
  });
}).timeout(10_000);
