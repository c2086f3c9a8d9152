import { defined } from '../base/defined.ts';
import { isIP } from 'node:net';
import { AppError } from '../base/errors.ts';
import { redact } from '../base/redact.ts';
import type { Addressing, Profile } from './profile.ts';
import { parsePublicHost, publicHost } from './publicCloud.ts';
import type { PublicHost } from './publicCloud.ts';

/** Scheme and host of requests, and how they name the bucket. */
export interface Endpoint {
  readonly scheme: 'https' | 'http';
  /** Host without a bucket and without a port; an IPv6 address without brackets. */
  readonly host: string;
  /** Absent: the default of the scheme. */
  readonly port?: number;
  /** Such as `cn-hangzhou`; part of V4 signatures. Absent if unknown. */
  readonly region?: string;
  readonly addressing: Addressing;
  /** Present on the public cloud, where the endpoint of another region can be derived. */
  readonly publicHost?: PublicHost;
}

/** Origin of a request, and its path before the key. */
export interface RequestBase {
  readonly origin: string;
  readonly pathPrefix: string;
}

type EndpointChoice = Pick<Profile, 'region' | 'endpoint' | 'addressing'>;

/**
 * Resolves the endpoint of a profile, for a bucket in `bucketRegion` if that is known. On the public cloud another
 * region has another endpoint of the same kind; an internal endpoint serves its own region only, so that other regions
 * get the public one.
 * @throws AppError `input/invalidEndpoint`; the message quotes the text and names the remedy
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
 * Builds the origin and path prefix of requests. Without `bucket` they go to the service itself, to list buckets.
 * @throws AppError `input/invalidPath` for a name that would lead to another host or path: names also come from servers
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
 * Normalizes a region for V4 signatures: `oss-cn-hangzhou` and ` CN-Hangzhou ` become `cn-hangzhou`.
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
 * Parses an endpoint: a host with an optional scheme (default https) and port.
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
 * Accepts RFC 1123 labels, and underscores, which private clouds use. A numeric last label is rejected: that is a
 * mistyped IP address.
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

/** Whether a host (IPv6 without brackets) is this machine. */
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
    // An internal endpoint is reachable from its own region only; over the internet requests always use https.
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
