import { timingSafeEqual } from 'node:crypto';
import {
  accessDenied,
  invalidAccessKeyId,
  invalidArgument,
  invalidSecurityToken,
  invalidSigningRegion,
  requestTimeTooSkewed,
  securityTokenExpired,
  signatureDoesNotMatch,
  urlExpired,
} from '../http/ossError.ts';
import { queryValue } from '../http/requestTarget.ts';
import type { Query, RequestTarget } from '../http/requestTarget.ts';
import { signatureV1, stringToSignV1 } from './signatureV1.ts';
import { canonicalRequestV4, parseV4Date, signatureV4, stringToSignV4, v4Algorithm } from './signatureV4.ts';
import type { OssUser } from './users.ts';

/** A request as far as signing sees it; header names in lower case. */
export interface SignedRequest {
  readonly method: string;
  readonly target: RequestTarget;
  readonly headers: Readonly<Record<string, string>>;
}

export interface AuthContext {
  readonly users: readonly OssUser[];
  readonly nowMs: number;
  /** Region of the endpoint that was addressed; a V4 signature must name it. */
  readonly region: string;
}

const maxSkewMs = 15 * 60_000;
const maxPresignSeconds = 7 * 24 * 3600;

/**
 * Who sent the request, by its signature: V4 or V1, in a header or in the query. Undefined: nobody, no signature.
 * @throws OssError as OSS does for unknown keys, wrong signatures, tokens, clocks and expired URLs
 */
export function authenticate(request: SignedRequest, context: AuthContext): OssUser | undefined {
  const authorization = request.headers['authorization'];
  const { query } = request.target;
  if (authorization?.startsWith(`${v4Algorithm} `) === true) {
    return headerV4(request, authorization.slice(v4Algorithm.length + 1), context);
  }
  if (authorization?.startsWith('OSS ') === true) {
    return headerV1(request, authorization.slice(4), context);
  }
  if (authorization !== undefined) {
    throw invalidArgument('Authorization header is invalid.', 'Authorization', authorization.slice(0, 16));
  }
  if (queryValue(query, 'x-oss-signature-version') !== undefined) {
    return queryV4(request, context);
  }
  return queryValue(query, 'Signature') === undefined ? undefined : queryV1(request, context);
}

function headerV4(request: SignedRequest, credentials: string, context: AuthContext): OssUser {
  const fields = new Map(credentials.split(',').map((field) => splitAt(field.trim(), '=')));
  const dateTime = request.headers['x-oss-date'] ?? '';
  if (request.headers['x-oss-content-sha256'] === undefined) {
    throw invalidArgument('The x-oss-content-sha256 header is missing.', 'x-oss-content-sha256', '');
  }
  const additional = fields.get('AdditionalHeaders');
  const user = checkV4(
    request,
    {
      credential: fields.get('Credential') ?? '',
      signature: fields.get('Signature') ?? '',
      additionalHeaders: additional === undefined ? [] : additional.split(';'),
      dateTime,
      query: request.target.query,
    },
    context,
  );
  checkSkew(parseV4Date(dateTime), dateTime, context);
  checkToken(user, request.headers['x-oss-security-token'], context);
  return user;
}

function queryV4(request: SignedRequest, context: AuthContext): OssUser {
  const { query } = request.target;
  const value = (name: string): string => queryValue(query, name) ?? '';
  if (value('x-oss-signature-version') !== v4Algorithm) {
    throw invalidArgument(
      'The signature version is not supported.',
      'x-oss-signature-version',
      value('x-oss-signature-version'),
    );
  }
  const seconds = Number(value('x-oss-expires'));
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > maxPresignSeconds) {
    throw invalidArgument(
      `x-oss-expires must be an integer from 1 to ${maxPresignSeconds}.`,
      'x-oss-expires',
      value('x-oss-expires'),
    );
  }
  const dateTime = value('x-oss-date');
  const additional = value('x-oss-additional-headers');
  const user = checkV4(
    request,
    {
      credential: value('x-oss-credential'),
      signature: value('x-oss-signature'),
      additionalHeaders: additional === '' ? [] : additional.split(';'),
      dateTime,
      query: query.filter(([name]) => name !== 'x-oss-signature'),
    },
    context,
  );
  checkExpiry((parseV4Date(dateTime) ?? 0) + seconds * 1000, context);
  checkToken(user, queryValue(query, 'x-oss-security-token'), context);
  return user;
}

interface V4Claims {
  readonly credential: string;
  readonly signature: string;
  readonly additionalHeaders: readonly string[];
  readonly dateTime: string;
  readonly query: Query;
}

function checkV4(request: SignedRequest, claims: V4Claims, context: AuthContext): OssUser {
  const [accessKeyId = '', date = '', region = '', product = '', ending] = claims.credential.split('/');
  if (
    ending !== 'aliyun_v4_request' ||
    product !== 'oss' ||
    !claims.dateTime.startsWith(date) ||
    parseV4Date(claims.dateTime) === undefined
  ) {
    throw invalidArgument('The credential or the date of the signature is invalid.', 'Credential', claims.credential);
  }
  if (region !== context.region) {
    throw invalidSigningRegion();
  }
  const user = findUser(accessKeyId, context);
  const canonical = canonicalRequestV4({
    method: request.method,
    bucket: request.target.bucket,
    key: request.target.key,
    query: claims.query,
    headers: request.headers,
    additionalHeaders: claims.additionalHeaders,
  });
  const scope = { date, region, product };
  const text = stringToSignV4(claims.dateTime, scope, canonical);
  compareSignatures(claims.signature, signatureV4(user.accessKeySecret, scope, text), user, text, canonical);
  return user;
}

function headerV1(request: SignedRequest, credentials: string, context: AuthContext): OssUser {
  const [accessKeyId, signature] = splitAt(credentials, ':');
  const user = findUser(accessKeyId, context);
  const date = request.headers['x-oss-date'] ?? request.headers['date'] ?? '';
  checkV1(request, date, signature, user);
  const ms = Date.parse(date);
  checkSkew(Number.isNaN(ms) ? undefined : ms, date, context);
  checkToken(user, request.headers['x-oss-security-token'], context);
  return user;
}

function queryV1(request: SignedRequest, context: AuthContext): OssUser {
  const { query } = request.target;
  const expires = queryValue(query, 'Expires') ?? '';
  const user = findUser(queryValue(query, 'OSSAccessKeyId') ?? '', context);
  if (!/^\d+$/.test(expires)) {
    throw accessDenied('Expires must be a number of seconds since the epoch.');
  }
  checkV1(request, expires, queryValue(query, 'Signature') ?? '', user);
  checkExpiry(Number(expires) * 1000, context);
  checkToken(user, queryValue(query, 'security-token'), context);
  return user;
}

function checkV1(request: SignedRequest, date: string, signature: string, user: OssUser): void {
  const { method, target, headers } = request;
  const text = stringToSignV1({ method, bucket: target.bucket, key: target.key, query: target.query, headers, date });
  compareSignatures(signature, signatureV1(user.accessKeySecret, text), user, text);
}

function compareSignatures(
  given: string,
  expected: string,
  user: OssUser,
  stringToSign: string,
  canonical?: string,
): void {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  if (a.length !== b.length || !timingSafeEqual(a, b)) {
    throw signatureDoesNotMatch([
      ['OSSAccessKeyId', user.accessKeyId],
      ['SignatureProvided', given],
      ['StringToSign', stringToSign],
      canonical === undefined
        ? ['StringToSignBytes', [...Buffer.from(stringToSign)].map((byte) => byte.toString(16).toUpperCase()).join(' ')]
        : ['CanonicalRequest', canonical],
    ]);
  }
}

function findUser(accessKeyId: string, context: AuthContext): OssUser {
  const user = context.users.find((candidate) => candidate.accessKeyId === accessKeyId);
  if (user === undefined) {
    throw invalidAccessKeyId(accessKeyId);
  }
  return user;
}

function checkToken(user: OssUser, token: string | undefined, context: AuthContext): void {
  if (user.securityToken === undefined) {
    if (token !== undefined) {
      // a token makes it an STS request, and this key is none of STS's
      throw invalidAccessKeyId(user.accessKeyId, '0002-00000002');
    }
    return;
  }
  if (token === undefined) {
    throw invalidAccessKeyId(user.accessKeyId);
  }
  if (token !== user.securityToken) {
    throw invalidSecurityToken();
  }
  if (user.tokenExpiresMs !== undefined && context.nowMs >= user.tokenExpiresMs) {
    throw securityTokenExpired();
  }
}

function checkSkew(requestMs: number | undefined, sent: string, context: AuthContext): void {
  if (requestMs === undefined) {
    throw accessDenied('OSS authentication requires a valid Date.', '0002-00000505');
  }
  if (Math.abs(requestMs - context.nowMs) > maxSkewMs) {
    throw requestTimeTooSkewed(sent, new Date(context.nowMs).toISOString());
  }
}

function checkExpiry(expiresMs: number, context: AuthContext): void {
  if (context.nowMs > expiresMs) {
    throw urlExpired(new Date(expiresMs).toISOString(), new Date(context.nowMs).toISOString());
  }
}

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
