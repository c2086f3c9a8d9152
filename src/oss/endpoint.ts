import { defined } from '../base/defined.ts';
import { isIP } from 'node:net';
import { AppError } from '../base/errors.ts';
import { redact } from '../base/redact.ts';
import type { Addressing, Profile } from './profile.ts';
import { parsePublicHost, publicHost } from './publicCloud.ts';
import type { PublicHost } from './publicCloud.ts';

/** Where requests go and how they name the bucket. */
export interface Endpoint {
  readonly scheme: 'https' | 'http';
  /** Host without a bucket and without a port; an IPv6 address without brackets. */
  readonly host: string;
  /** Absent: the scheme's own. */
  readonly port?: number;
  /** Such as `cn-hangzhou`; what V4 signatures name. Absent where nothing tells it. */
  readonly region?: string;
  readonly addressing: Addressing;
  /** Of the public cloud: its regions' endpoints may stand in for each other. */
  readonly publicHost?: PublicHost;
}

/** Where one request goes: `origin`, and what stands before the key in the path. */
export interface RequestBase {
  readonly origin: string;
  readonly pathPrefix: string;
}

type EndpointChoice = Pick<Profile, 'region' | 'endpoint' | 'addressing'>;

/**
 * The endpoint of a profile, for a bucket in `bucketRegion` where that is known: on the public cloud another region
 * has another endpoint, of the same kind, or the public one where the profile's is internal: that serves its own region
 * only.
 * @throws AppError `input/invalidEndpoint`; the message names the text and what to do
 */
export function endpointOf(profile: EndpointChoice, bucketRegion?: string): Endpoint {
  const region = isBlank(profile.region) ? undefined : normalizeRegion(profile.region);
  if (isBlank(profile.endpoint)) {
    if (region === undefined) {
      throw invalid('', 'a profile needs a region such as cn-hangzhou, or an endpoint');
    }
    return inRegion({ scheme: 'https', publicHost: { kind: 'public', region } }, bucketRegion ?? region);
  }
  const { scheme, host, port } = parseEndpoint(profile.endpoint);
  const common = { scheme, ...defined({ port }) };
  const cloud = parsePublicHost(host);
  if (cloud?.label !== undefined) {
    throw invalid(
      profile.endpoint,
      `"${cloud.label}" does not belong to it: use ${host.slice(cloud.label.length + 1)}`,
    );
  }
  if (cloud === undefined || profile.addressing === 'cname') {
    const known = region ?? bucketRegion;
    return { ...common, host, addressing: profile.addressing ?? customAddressing(host), ...defined({ region: known }) };
  }
  if (region !== undefined && cloud.region !== undefined && cloud.region !== region) {
    throw invalid(
      profile.endpoint,
      `it lies in ${cloud.region}, but the profile says region ${region}: make them the same, or leave one out`,
    );
  }
  return inRegion({ ...common, publicHost: cloud }, bucketRegion ?? cloud.region ?? region);
}

/**
 * `bucket` absent: the service itself, for listing buckets.
 * @throws AppError `input/invalidPath` for a bucket whose name would lead to another host or path: servers name buckets
 * too
 */
export function requestBase(endpoint: Endpoint, bucket?: string): RequestBase {
  if (bucket !== undefined && !/^[a-z0-9_][a-z0-9_.-]{0,254}$/i.test(bucket)) {
    const subject = JSON.stringify(bucket.slice(0, 100));
    throw new AppError('input/invalidPath', `this is no name of a bucket: ${subject}`, { details: { subject } });
  }
  const { scheme, host, port, addressing } = endpoint;
  const authority = (isIP(host) === 6 ? `[${host}]` : host) + (port === undefined ? '' : `:${port}`);
  if (bucket === undefined || addressing === 'cname') {
    return { origin: `${scheme}://${authority}`, pathPrefix: '' };
  }
  return addressing === 'path'
    ? { origin: `${scheme}://${authority}`, pathPrefix: `/${bucket}` }
    : { origin: `${scheme}://${bucket}.${authority}`, pathPrefix: '' };
}

/**
 * A region as V4 signatures want it: `oss-cn-hangzhou` and ` CN-Hangzhou ` are `cn-hangzhou`.
 * @throws AppError `input/invalidEndpoint`
 */
export function normalizeRegion(text: string): string {
  if (!isRegion(text)) {
    throw invalid(
      text,
      'a region looks like cn-hangzhou; anything else, such as an internal host, goes into the endpoint',
    );
  }
  return shortRegion(text);
}

export function isRegion(text: string): boolean {
  const region = shortRegion(text);
  return /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(region) && !region.endsWith('-internal');
}

function shortRegion(text: string): string {
  return text.trim().toLowerCase().replace(/^oss-/, '');
}

/**
 * Reads an endpoint: a host, with or without scheme and port. Without a scheme it is https.
 * @throws AppError `input/invalidEndpoint`
 */
function parseEndpoint(text: string): {
  readonly scheme: 'https' | 'http';
  readonly host: string;
  readonly port?: number;
} {
  const trimmed = text.trim();
  const [, stated, rest = ''] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(trimmed) ?? [];
  const scheme = (stated ?? 'https').toLowerCase();
  if (scheme !== 'https' && scheme !== 'http') {
    throw invalid(text, 'only http and https are spoken');
  }
  const [, authority = '', path = ''] = /^([^/\\?#]*)(.*)$/s.exec(rest) ?? [];
  if (authority.includes('@')) {
    throw invalid(text, 'leave out the user name and password: the access key belongs to the profile');
  }
  if (path !== '' && path !== '/') {
    throw invalid(text, 'leave out everything behind the host: an endpoint is a host, with or without a port');
  }
  return { scheme, ...parseAuthority(authority, text) };
}

function parseAuthority(authority: string, text: string): { readonly host: string; readonly port?: number } {
  const [, address, name, digits] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+))(?::(\d{1,5}))?$/i.exec(authority) ?? [];
  const host = (address ?? name ?? '').toLowerCase();
  const port = digits === undefined ? undefined : Number(digits);
  const isHost = address === undefined ? isIP(host) === 4 || isHostName(host) : isIP(host) === 6;
  if (!isHost || port === 0 || (port ?? 0) > 65535) {
    throw invalid(
      text,
      'an endpoint is a host such as oss-cn-hangzhou.aliyuncs.com or 127.0.0.1:9000, with or without https://',
    );
  }
  return port === undefined ? { host } : { host, port };
}

/**
 * RFC 1123 labels, and underscores, which private clouds use. The last one must not be a number: such a thing is a
 * misspelt address.
 */
function isHostName(host: string): boolean {
  const labels = host.split('.');
  return (
    host.length <= 253 &&
    labels.every((label) => /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? '')
  );
}

function customAddressing(host: string): Addressing {
  return isIP(host) !== 0 || isLoopback(host) ? 'path' : 'virtualHosted';
}

/** Whether a host, without brackets, is this machine itself. */
export function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  );
}

function inRegion(
  endpoint: { readonly scheme: 'https' | 'http'; readonly port?: number; readonly publicHost: PublicHost },
  region: string | undefined,
): Endpoint {
  const { kind, region: own } = endpoint.publicHost;
  const wanted = region === undefined ? undefined : normalizeRegion(region);
  const known = wanted === undefined ? {} : { region: wanted };
  if (kind === 'internal' && wanted !== undefined && wanted !== own) {
    // An internal endpoint is reached from its own region only; over the internet nothing goes in the open.
    const target: PublicHost = { kind: 'public', region: wanted };
    return { scheme: 'https', publicHost: target, host: publicHost(target), addressing: 'virtualHosted', ...known };
  }
  const target = own !== undefined && wanted !== undefined ? { kind, region: wanted } : endpoint.publicHost;
  return { ...endpoint, publicHost: target, host: publicHost(target), addressing: 'virtualHosted', ...known };
}

function isBlank(text: string | undefined): text is undefined | '' {
  return text === undefined || text.trim() === '';
}

function invalid(text: string, remedy: string): AppError {
  const subject = redact(text.trim().replace(/(:\/\/|^).*@/s, '$1…@')).slice(0, 200);
  return new AppError(
    'input/invalidEndpoint',
    `not a usable endpoint or region (${remedy}): ${JSON.stringify(subject)}`,
    { details: { subject } },
  );
}
