import assert from 'node:assert/strict';
import type { ErrorCode } from '../../../src/base/errors.ts';
import { fromFailedResponse } from '../../../src/oss/ossErrors.ts';
import vectors from '../../data/oss-vectors.json' with { type: 'json' };

const subject = 'oss://bucket/key';
const failed = (
  status: number,
  body: string | Uint8Array = '',
  headers: Record<string, string> = {},
): ReturnType<typeof fromFailedResponse> => fromFailedResponse({ status, headers, body: Buffer.from(body), subject });
const xmlOf = (code: string, message = '', more = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error>\n  <Code>${code}</Code>\n  <Message>${message}</Message>\n  ` +
  `<RequestId>ID1</RequestId>${more}\n</Error>`;

describe('OSS errors', () => {
  const published: Readonly<Record<string, ErrorCode>> = {
    AccessDenied: 'auth/accessDenied',
    BucketAlreadyExists: 'server/refused',
    CallbackFailed: 'server/unexpectedAnswer',
    InvalidArgument: 'server/refused',
    InvalidOutputFieldDelimiter: 'server/refused',
    MalformedXML: 'server/refused',
    NoSuchKey: 'object/notFound',
    PositionNotEqualToLength: 'server/refused',
    ServiceFail: 'server/failed',
    TooManyCnameToken: 'server/refused',
  };
  for (const vector of vectors.errorXml) {
    it(`the published ${vector.code} document gives code, EC and RequestId`, () => {
      const error = failed(vector.status, vector.xml);
      const requestId = /<RequestId>(.*)<\/RequestId>/.exec(vector.xml)?.[1];
      assert.equal(error.code, published[vector.code]);
      assert.equal(error.retryable, error.code === 'server/failed');
      assert.deepEqual(error.details, {
        status: vector.status,
        subject,
        ossCode: vector.code,
        requestId,
        ...(vector.ec === null ? {} : { ec: vector.ec }),
      });
      assert(
        error.message.includes(vector.code) && requestId !== undefined && error.message.includes(requestId),
        error.message,
      );
    });
  }

  it('the endpoint of a bucket in another region is read from the error', () => {
    const error = failed(403, vectors.errorXmlDocs.find(({ name }) => name === 'region mismatch')?.xml ?? '');
    assert.equal(error.code, 'endpoint/wrongEndpoint');
    assert.equal(error.details.endpoint, 'oss-cn-hangzhou.aliyuncs.com');
    assert.equal(error.details.ec, '0003-00001403');
  });

  it('a delete marker is reported as a missing object', () => {
    const vector = vectors.errorXmlDocs.find(({ name }) => name.startsWith('delete marker'));
    assert.equal(failed(405, vector?.xml, { 'x-oss-delete-marker': 'true' }).code, 'object/notFound');
    assert.equal(failed(405, vector?.xml).code, 'server/refused');
  });

  it('the error of a HEAD is read from x-oss-err and x-oss-ec', () => {
    const { base64, xOssEc } = vectors.xOssErrHeader;
    const error = failed(404, '', {
      'x-oss-err': base64,
      'x-oss-ec': xOssEc,
      'x-oss-request-id': '6556E3AED11E553933CCDEDF',
    });
    assert.equal(error.code, 'object/notFound');
    assert.deepEqual(error.details, {
      status: 404,
      subject,
      ossCode: 'NoSuchKey',
      requestId: '6556E3AED11E553933CCDEDF',
      ec: '0026-00000001',
    });
    assert.deepEqual(failed(404, '', { 'x-oss-err': base64 }).details, error.details, 'the XML alone says as much');
  });

  const byFact: Readonly<Record<string, ErrorCode>> = {
    NoSuchKey: 'object/notFound',
    NoSuchBucket: 'bucket/notFound',
    InvalidAccessKeyId: 'auth/unknownKey',
    SignatureDoesNotMatch: 'auth/wrongSecret',
  };
  for (const fact of vectors.liveFacts.items) {
    const { code, status, ec, what } = fact;
    if (code !== undefined) {
      it(`a response to ${what} is recognized`, () => {
        const error = failed(status, xmlOf(code, '', `<EC>${ec}</EC>`));
        assert.deepEqual(
          [error.code, error.details.ossCode, error.details.ec, error.retryable],
          [byFact[code], code, ec, false],
        );
      });
    }
  }

  for (const [status, ossCode, message, ec, code] of [
    [403, 'SecurityTokenExpired', 'The security token you provided has expired.', '', 'auth/tokenExpired'],
    [403, 'InvalidSecurityToken', 'The security token you provided is invalid.', '0002-00000007', 'auth/tokenExpired'],
    [
      403,
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large.',
      '0002-00000504',
      'auth/clockSkewed',
    ],
    [400, 'InvalidArgument', 'Invalid signing region in Authorization header.', '', 'endpoint/wrongRegion'],
    [400, 'InvalidArgument', '', '0002-00000226', 'endpoint/wrongRegion'],
    [403, 'AccessDenied', 'Request has expired.', '', 'auth/urlExpired'],
    [403, 'AccessDenied', '', '0002-00000236', 'auth/urlExpired'],
    [403, 'SecondLevelDomainForbidden', '', '', 'endpoint/wrongEndpoint'],
    [403, 'InvalidObjectState', '', '', 'object/archived'],
    [412, 'PreconditionFailed', '', '', 'object/changed'],
    [416, 'InvalidRange', '', '', 'range/notHonoured'],
    [503, 'DownloadTrafficRateLimitExceeded', '', '', 'server/throttled'],
    [503, 'TotalQpsLimitExceeded', '', '', 'server/throttled'],
    [503, 'ActiveRequestLimitExceeded', '', '', 'server/throttled'],
    [503, 'ServiceUnavailable', '', '', 'server/throttled'],
    [429, 'QpsLimitExceeded', '', '', 'server/throttled'],
    [400, 'InvalidBucketName', '', '', 'input/invalidPath'],
  ] as const) {
    it(`${status} ${ossCode} ${ec || message} is reported as ${code}`, () => {
      const error = failed(status, xmlOf(ossCode, message, ec === '' ? '' : `<EC>${ec}</EC>`));
      assert.equal(error.code, code);
      assert.equal(error.retryable, code === 'server/throttled');
    });
  }

  it('the delay that the server asks for is read', () => {
    assert.equal(
      failed(503, xmlOf('TotalQpsLimitExceeded'), { 'x-oss-qos-delay-time': '750', 'retry-after': '9' }).details
        .retryAfterMs,
      750,
    );
    assert.equal(failed(429, '', { 'retry-after': '2' }).details.retryAfterMs, 2000);
    assert.equal(failed(503, '', { 'retry-after': '2' }).code, 'server/throttled');
    const inAMinute =
      failed(429, '', { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }).details.retryAfterMs ?? 0;
    assert(inAMinute > 55_000 && inAMinute <= 60_000, String(inAMinute));
    assert.equal(failed(429, '', { 'retry-after': 'soon' }).details.retryAfterMs, undefined);
  });

  it('the clock of the server is returned if the local one is wrong, so that it can be corrected', () => {
    const headers = { date: 'Wed, 28 Dec 2022 10:27:41 GMT' };
    assert.equal(
      failed(403, xmlOf('RequestTimeTooSkewed'), headers).details.serverTimeMs,
      Date.UTC(2022, 11, 28, 10, 27, 41),
    );
    assert.equal(failed(403, xmlOf('AccessDenied'), headers).details.serverTimeMs, undefined);
  });

  it('no kind of garbage breaks the parser', () => {
    const nested = '<a>'.repeat(20_000);
    const bomb =
      '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><Error><Code>&b;</Code></Error>';
    const twice = '<Error><Code>A</Code><Code>B</Code></Error>';
    for (const body of [
      '',
      '<',
      '<Error>',
      '<Error><Code>',
      '<html><body>502 Bad Gateway</body></html>',
      nested,
      bomb,
      twice,
      '<Error>text</Error>',
      '<__proto__><Code>x</Code></__proto__>',
      '\0\xff'.repeat(1000),
    ]) {
      const error = failed(502, body);
      assert.equal(error.code, 'server/failed');
      assert(error.message.length < 500, error.message);
    }
    assert.equal(failed(404, '', { 'x-oss-err': '%%% not base64' }).code, 'object/notFound');
    assert.equal(failed(502, bomb).details.ossCode?.includes('aaaa') ?? false, false);
  });

  it('at most 64 KiB of an error body are read', () => {
    assert.equal(failed(500, ' '.repeat(64 * 1024) + xmlOf('NoSuchKey')).details.ossCode, undefined);
  });

  it('credentials that a server repeats are removed from the message', () => {
    const message =
      'bad request /k?x-oss-signature=abcdef&amp;OSSAccessKeyId=LTAI123 Authorization: OSS4-HMAC-SHA256 ' +
      'Credential=LTAI123';
    const error = failed(
      400,
      xmlOf(
        'InvalidArgument',
        message,
        '<StringToSign>GET\nLTAI123</StringToSign><SignatureProvided>abcdef</SignatureProvided>',
      ),
    );
    assert.doesNotMatch(error.message + JSON.stringify(error.details), /abcdef|LTAI123/);
  });
});
