import { defined } from '../base/defined.ts';
import { AppError } from '../base/errors.ts';
import type { ErrorCode, ErrorDetails } from '../base/errors.ts';
import { redact } from '../base/redact.ts';
import { codeByEc } from './ecCodes.ts';
import { headerNumber, headerValue } from './headers.ts';
import type { ResponseHeaders } from './headers.ts';
import { XMLParser } from 'fast-xml-parser';

/** Longest error body that is read; the rest is dropped. */
export const maxErrorBodyBytes = 64 * 1024;

/** A response with an error status. */
export interface FailedResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** Body, as far as it was read. */
  readonly body: Uint8Array;
  /** Subject of the request, such as `oss://bucket/key` or a URL without its query. */
  readonly subject: string;
}

/** Fields of an OSS error, from the body or, without one, from the headers. */
interface OssFacts {
  readonly ossCode?: string;
  readonly message?: string;
  readonly requestId?: string;
  readonly ec?: string;
  readonly endpoint?: string;
}

/** Meaning of a response, for the log. A code without a meaning fits into none of the tables below. */
const meanings = {
  'object/notFound': 'the object does not exist',
  'bucket/notFound': 'the bucket does not exist',
  'auth/unknownKey': 'the access key is unknown',
  'auth/wrongSecret': 'the access key secret is wrong',
  'auth/tokenExpired': 'the security token is expired or invalid',
  'auth/clockSkewed': "this machine's clock and the server's are more than 15 minutes apart",
  'auth/accessDenied': 'access is denied',
  'auth/urlExpired': 'the signed URL has expired',
  'endpoint/wrongRegion': "the request is signed for another region than the endpoint's",
  'endpoint/wrongEndpoint': 'the bucket must be reached through another endpoint',
  'object/archived': 'the object is archived and must be restored first',
  'object/changed': 'the object has changed',
  'range/notHonoured': 'the range lies outside the object',
  'network/unreachable': 'the proxy wants credentials',
  'input/invalidPath': 'the request is invalid',
  'server/throttled': 'the server asks to slow down',
  'server/failed': 'the server failed',
  'server/refused': 'the server refused the request',
  'server/unexpectedAnswer': 'the server gave an unexpected answer',
} as const satisfies Readonly<Partial<Record<ErrorCode, string>>>;

type ResponseCode = keyof typeof meanings;

const byOssCode: Readonly<Record<string, ResponseCode>> = {
  NoSuchKey: 'object/notFound',
  NoSuchVersion: 'object/notFound',
  SymlinkTargetNotExist: 'object/notFound',
  NoSuchBucket: 'bucket/notFound',
  InvalidAccessKeyId: 'auth/unknownKey',
  SignatureDoesNotMatch: 'auth/wrongSecret',
  SecurityTokenExpired: 'auth/tokenExpired',
  InvalidSecurityToken: 'auth/tokenExpired',
  RequestTimeTooSkewed: 'auth/clockSkewed',
  AccessDenied: 'auth/accessDenied',
  UserDisable: 'auth/accessDenied',
  SecondLevelDomainForbidden: 'endpoint/wrongEndpoint',
  InvalidObjectState: 'object/archived',
  PreconditionFailed: 'object/changed',
  InvalidRange: 'range/notHonoured',
  InvalidBucketName: 'input/invalidPath',
  InvalidObjectName: 'input/invalidPath',
  DownloadTrafficRateLimitExceeded: 'server/throttled',
  UploadTrafficRateLimitExceeded: 'server/throttled',
  TotalQpsLimitExceeded: 'server/throttled',
  ActiveRequestLimitExceeded: 'server/throttled',
  QpsLimitExceeded: 'server/throttled',
  ServiceUnavailable: 'server/throttled',
};

const byEc: Readonly<Record<string, ResponseCode>> = codeByEc;

const byStatus: Readonly<Record<number, ResponseCode>> = {
  401: 'auth/accessDenied',
  403: 'auth/accessDenied',
  404: 'object/notFound',
  407: 'network/unreachable',
  408: 'server/failed',
  410: 'object/notFound',
  412: 'object/changed',
  416: 'range/notHonoured',
  429: 'server/throttled',
};

/**
 * Converts an error response to an `AppError` with the facts that Alibaba Cloud's support asks for.
 * Never throws, whatever the body holds. The endpoint in the details is the server's claim, not validated.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/error-responses
 */
export function fromFailedResponse(response: FailedResponse): AppError {
  const facts = factsOf(response);
  const code = codeOf(response, facts);
  const named = [facts.ossCode, facts.ec && `EC ${facts.ec}`, facts.requestId && `request ${facts.requestId}`].filter(
    Boolean,
  );
  const said = facts.message === undefined ? '' : ` "${facts.message}"`;
  const message = `${meanings[code]} (${[response.status, ...named].join(', ')})${said}: ${response.subject}`;
  return new AppError(code, message, {
    retryable: code === 'server/throttled' || (code === 'server/failed' && response.status !== 501),
    details: detailsOf(response, facts, code),
  });
}

function codeOf({ status, headers }: FailedResponse, { ossCode, ec, message, endpoint }: OssFacts): ResponseCode {
  const text = message ?? '';
  if (ec !== undefined && byEc[ec] !== undefined) {
    return byEc[ec];
  }
  if (ossCode === 'InvalidArgument' && /invalid signing region/i.test(text)) {
    return 'endpoint/wrongRegion';
  }
  if (ossCode === 'AccessDenied' && /request has expired/i.test(text)) {
    return 'auth/urlExpired';
  }
  if (ossCode === 'AccessDenied' && endpoint !== undefined) {
    return 'endpoint/wrongEndpoint';
  }
  if (status === 405 && headerValue(headers, 'x-oss-delete-marker') === 'true') {
    return 'object/notFound';
  }
  // tinyproxy answers a wrong password with 401 instead of 407.
  if (status === 401 && ossCode === undefined && /proxy/i.test(headerValue(headers, 'server') ?? '')) {
    return 'network/unreachable';
  }
  const known = (ossCode === undefined ? undefined : byOssCode[ossCode]) ?? byStatus[status];
  if (known !== undefined) {
    return known;
  }
  if (status >= 500) {
    return status === 503 && waitOf(headers) !== undefined ? 'server/throttled' : 'server/failed';
  }
  return status >= 400 ? 'server/refused' : 'server/unexpectedAnswer';
}

function detailsOf({ status, headers, subject }: FailedResponse, facts: OssFacts, code: ErrorCode): ErrorDetails {
  // A URL that has expired right after it was signed was dated by a wrong clock.
  const serverTimeMs =
    code === 'auth/clockSkewed' || code === 'auth/urlExpired'
      ? Date.parse(headerValue(headers, 'date') ?? '')
      : Number.NaN;
  const retryAfterMs = waitOf(headers);
  const total = /^bytes \*\/(\d{1,16})$/.exec(headerValue(headers, 'content-range') ?? '')?.[1];
  return {
    status,
    subject,
    ...defined({
      ossCode: facts.ossCode,
      requestId: facts.requestId,
      ec: facts.ec,
      endpoint: facts.endpoint,
      retryAfterMs,
    }),
    ...(status === 416 && total !== undefined ? { sizeBytes: Number(total) } : {}),
    ...(Number.isNaN(serverTimeMs) ? {} : { serverTimeMs }),
  };
}

/**
 * Wait requested by the server, in milliseconds: from OSS's own header, or from Retry-After in seconds or as a date.
 * @see RFC 9110 section 10.2.3 (Retry-After)
 */
function waitOf(headers: ResponseHeaders): number | undefined {
  const ossDelay = headerNumber(headers, 'x-oss-qos-delay-time');
  if (ossDelay !== undefined) {
    return ossDelay;
  }
  const seconds = headerNumber(headers, 'retry-after');
  if (seconds !== undefined) {
    return seconds * 1000;
  }
  const until = Date.parse(headerValue(headers, 'retry-after') ?? '');
  return Number.isNaN(until) ? undefined : Math.max(0, until - Date.now());
}

function factsOf({ headers, body }: FailedResponse): OssFacts {
  const fromBody = readFlatXml(Buffer.from(body.subarray(0, maxErrorBodyBytes)).toString('utf8'), 'Error');
  const fromHeader = headerValue(headers, 'x-oss-err');
  const xml =
    fromBody['Code'] !== undefined || fromHeader === undefined
      ? fromBody
      : readFlatXml(Buffer.from(fromHeader, 'base64').toString('utf8'), 'Error');
  return {
    ...fact('ossCode', xml['Code']),
    ...fact('message', xml['Message']),
    ...fact('requestId', headerValue(headers, 'x-oss-request-id') ?? xml['RequestId']),
    ...fact('ec', headerValue(headers, 'x-oss-ec') ?? xml['EC']),
    ...fact('endpoint', xml['Endpoint']),
  };
}

/** Sanitizes a text of the server for a log line: one line, bounded, without credentials. */
function fact(name: keyof OssFacts, text: string | undefined): OssFacts {
  const clean = redact(text ?? '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 300);
  return clean === '' ? {} : { [name]: clean };
}

// Entities are not expanded: no field needs them, and expansion could exhaust the memory.
const parser = new XMLParser({
  processEntities: false,
  parseTagValue: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/** Reads the text children of the root element by name; empty for any other document. Never throws. */
export function readFlatXml(xml: string, root: string): Readonly<Record<string, string>> {
  let parsed: unknown;
  try {
    parsed = parser.parse(xml);
  } catch {
    return {};
  }
  const element = isRecord(parsed) ? parsed[root] : undefined;
  if (!isRecord(element)) {
    return {};
  }
  return Object.fromEntries(
    Object.entries(element).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
