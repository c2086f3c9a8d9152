import { invalidBucketName, invalidObjectName, pathStyleForbidden } from './ossError.ts';

/** Query parameters as sent, decoded, in order; a parameter without `=` has an empty value. */
export type Query = readonly (readonly [name: string, value: string])[];

/** What a request is about, worked out from the raw request target and the Host header. */
export interface RequestTarget {
  /** Path as sent, without the query. */
  readonly rawPath: string;
  readonly query: Query;
  /** Host header without the port. */
  readonly host: string;
  /** Absent: the service itself (ListBuckets). */
  readonly bucket: string | undefined;
  /** Absent: the bucket itself. Never empty. */
  readonly key: string | undefined;
  /** Region that the host name names; undefined for addresses, custom domains and accelerate. */
  readonly hostRegion: string | undefined;
}

export interface HostRules {
  /** Custom domains bound to a bucket: no bucket in the path. */
  readonly cnames: Readonly<Record<string, string>>;
  /** Service domains beside the public cloud's and localhost, for private clouds. */
  readonly domains: readonly string[];
}

/** First value of a parameter, or undefined. */
export function queryValue(query: Query, name: string): string | undefined {
  return query.find(([other]) => other === name)?.[1];
}

/** The path part of a raw request target, which may name a host in front when it came through a proxy. */
export function splitTarget(raw: string): { rawPath: string; rawQuery: string } {
  const target = raw.replace(/^https?:\/\/[^/?]*/i, '');
  const mark = target.indexOf('?');
  return mark === -1
    ? { rawPath: target, rawQuery: '' }
    : { rawPath: target.slice(0, mark), rawQuery: target.slice(mark + 1) };
}

/**
 * Reads bucket, key and query with no URL class in between: `..`, `//`, `\` and encoded slashes in keys stay what they
 * are.
 * @throws OssError for names that OSS refuses, and for path style on the public cloud
 */
export function parseTarget(raw: string, hostHeader: string, rules: HostRules): RequestTarget {
  const { rawPath, rawQuery } = splitTarget(raw);
  const host = hostHeader.replace(/:\d+$/, '').toLowerCase();
  const place = placeOf(host, rules);
  const common = { rawPath, query: parseQuery(rawQuery), host, hostRegion: place.region };
  const path = rawPath.startsWith('/') ? rawPath.slice(1) : rawPath;
  if (place.bucket !== undefined) {
    return { ...common, bucket: checkBucket(place.bucket), key: decodeKey(path) };
  }
  if (path === '') {
    return { ...common, bucket: undefined, key: undefined };
  }
  if (!place.pathStyle) {
    throw pathStyleForbidden();
  }
  const slash = path.indexOf('/');
  const bucket = decodePercent(slash === -1 ? path : path.slice(0, slash));
  return { ...common, bucket: checkBucket(bucket), key: slash === -1 ? undefined : decodeKey(path.slice(slash + 1)) };
}

interface Place {
  readonly bucket: string | undefined;
  readonly region: string | undefined;
  readonly pathStyle: boolean;
}

const regional = 'oss-((?!accelerate)[a-z0-9-]+?)(?:-internal)?';
const accelerated = 'oss-accelerate(?:-overseas)?';
const dualStack = '([a-z0-9-]+)\\.oss';
const publicCloud = new RegExp(`^(?:(.*)\\.)?(?:${regional}|${accelerated}|${dualStack})\\.aliyuncs\\.com$`);

function placeOf(host: string, rules: HostRules): Place {
  const cname = rules.cnames[host];
  if (cname !== undefined) {
    return { bucket: cname, region: undefined, pathStyle: false };
  }
  const cloud = publicCloud.exec(host);
  if (cloud !== null) {
    // ali-oss asks for buckets of an address with the Host `.oss-<region>.aliyuncs.com`
    return { bucket: cloud[1] === '' ? undefined : cloud[1], region: cloud[2] ?? cloud[3], pathStyle: false };
  }
  for (const domain of ['localhost', '127.0.0.1', ...rules.domains]) {
    if (host.endsWith(`.${domain}`)) {
      return { bucket: host.slice(0, -domain.length - 1), region: undefined, pathStyle: false };
    }
  }
  return { bucket: undefined, region: undefined, pathStyle: true };
}

function parseQuery(rawQuery: string): Query {
  return rawQuery
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const [name, value] = equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [decodeForm(name), decodeForm(value)] as const;
    });
}

function decodeForm(text: string): string {
  return decodePercent(text.replaceAll('+', ' '));
}

function decodeKey(path: string): string | undefined {
  if (path === '') {
    return undefined;
  }
  const key = decodePercent(path);
  if (Buffer.byteLength(key) > 1023 || key.startsWith('/') || key.startsWith('\\')) {
    throw invalidObjectName();
  }
  return key;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Percent-decoding by bytes; a stray `%` stays one, bytes that are no UTF-8 are refused. */
function decodePercent(text: string): string {
  // Node hands the request line over as Latin-1: raw bytes above 0x7f are still single bytes here.
  const bytes = Buffer.from(
    text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  );
  try {
    return strictUtf8.decode(bytes);
  } catch {
    throw invalidObjectName();
  }
}

/** 3 to 63 lower-case letters, digits and hyphens, not starting or ending with a hyphen. */
function checkBucket(name: string): string {
  if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name)) {
    throw invalidBucketName(name);
  }
  return name;
}
