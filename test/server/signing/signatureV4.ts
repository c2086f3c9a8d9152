import { createHash, createHmac } from 'node:crypto';
import type { Query } from '../http/requestTarget.ts';
import { uriEncode } from './uriEncode.ts';

/** What a V4 signature covers; header names in lower case. */
export interface V4Request {
  readonly method: string;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  /** Without `x-oss-signature`. */
  readonly query: Query;
  readonly headers: Readonly<Record<string, string>>;
  /** Signed beside `content-type`, `content-md5` and `x-oss-*`; lower case, sorted. */
  readonly additionalHeaders: readonly string[];
}

export interface V4Scope {
  /** `yyyymmdd` */
  readonly date: string;
  readonly region: string;
  readonly product: string;
}

export const v4Algorithm = 'OSS4-HMAC-SHA256';

/** @see https://www.alibabacloud.com/help/en/oss/developer-reference/recommend-to-use-signature-version-4 */
export function canonicalRequestV4(request: V4Request): string {
  const path = `/${request.bucket === undefined ? '' : `${request.bucket}/`}${request.key ?? ''}`;
  const query = request.query
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  const signed = Object.keys(request.headers)
    .filter(
      (name) =>
        name === 'content-type' ||
        name === 'content-md5' ||
        name.startsWith('x-oss-') ||
        request.additionalHeaders.includes(name),
    )
    .sort(compare);
  return [
    request.method,
    uriEncode(path).replaceAll('%2F', '/'),
    query.join('&'),
    ...signed.map((name) => `${name}:${request.headers[name]!.trim()}`),
    '',
    request.additionalHeaders.join(';'),
    request.headers['x-oss-content-sha256'] ?? 'UNSIGNED-PAYLOAD',
  ].join('\n');
}

/** @param dateTime `yyyymmddThhmmssZ` */
export function stringToSignV4(dateTime: string, scope: V4Scope, canonicalRequest: string): string {
  const hash = createHash('sha256').update(canonicalRequest).digest('hex');
  return [v4Algorithm, dateTime, `${scope.date}/${scope.region}/${scope.product}/aliyun_v4_request`, hash].join('\n');
}

export function signatureV4(accessKeySecret: string, scope: V4Scope, stringToSign: string): string {
  let key: string | Buffer = `aliyun_v4${accessKeySecret}`;
  for (const part of [scope.date, scope.region, scope.product, 'aliyun_v4_request', stringToSign]) {
    key = createHmac('sha256', key).update(part).digest();
  }
  return key.toString('hex');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Milliseconds since the epoch of `yyyymmddThhmmssZ`, or undefined. */
export function parseV4Date(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  const ms = match === null ? Number.NaN : Date.parse(text.replace(/^(....)(..)(..)T(..)(..)/, '$1-$2-$3T$4:$5:'));
  return Number.isNaN(ms) ? undefined : ms;
}
