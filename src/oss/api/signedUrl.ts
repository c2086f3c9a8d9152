import { defined } from '../../base/defined.ts';
import type { AliOssClient } from './aliOssClient.ts';
import type { RequestBase } from '../endpoint.ts';
import type { ObjectRef } from '../model.ts';
import type { Credentials } from '../profile.ts';

/** Inputs of a signature beside the object. */
export interface SigningFacts {
  readonly base: RequestBase;
  readonly credentials: Credentials;
  /** Server time, in milliseconds since the epoch. */
  readonly nowMs: number;
  readonly lifetimeSeconds: number;
}

/** Builds the unsigned URL of a publicly readable object. */
export function plainUrl({ origin, pathPrefix }: RequestBase, { key, versionId }: ObjectRef): string {
  return withQuery(`${origin}${pathPrefix}/${encodePath(key)}`, versionId === undefined ? {} : { versionId });
}

/**
 * Builds a V4 pre-signed URL for GET, with ali-oss's header signature over the query. Its own `signatureUrlV4` cannot
 * use the server's clock and does not keep every key.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/add-signatures-to-urls
 */
export function signUrlV4(
  client: AliOssClient,
  { base, credentials, nowMs, lifetimeSeconds }: SigningFacts,
  object: ObjectRef,
  region: string,
): string {
  const dateTime = new Date(nowMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const queries = {
    'x-oss-signature-version': 'OSS4-HMAC-SHA256',
    'x-oss-credential': `${credentials.accessKeyId}/${dateTime.slice(0, 8)}/${region}/oss/aliyun_v4_request`,
    'x-oss-date': dateTime,
    'x-oss-expires': String(lifetimeSeconds),
    ...defined({ 'x-oss-security-token': credentials.securityToken, versionId: object.versionId }),
  };
  const authorization = client.authorizationV4('GET', { headers: {}, queries }, object.bucket, object.key);
  const signature = authorization.slice(authorization.lastIndexOf('=') + 1);
  return withQuery(`${base.origin}${base.pathPrefix}/${encodePath(object.key)}`, {
    ...queries,
    'x-oss-signature': signature,
  });
}

/**
 * Builds a V1 pre-signed URL for GET, with ali-oss's signature. Its own `signatureUrl` throws for IP addresses and
 * strips slashes.
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/ddd-signatures-to-urls
 */
export function signUrlV1(
  client: AliOssClient,
  { base, credentials, nowMs, lifetimeSeconds }: SigningFacts,
  { bucket, key, versionId }: ObjectRef,
): string {
  const expires = String(Math.floor(nowMs / 1000) + lifetimeSeconds);
  // Sorted by name, as the signature requires.
  const signed = { ...defined({ 'security-token': credentials.securityToken, versionId }) };
  const parameters = Object.entries(signed)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const resource = `/${bucket}/${key}${parameters === '' ? '' : `?${parameters}`}`;
  const signature = client.signature(`GET\n\n\n${expires}\n${resource}`);
  return withQuery(`${base.origin}${base.pathPrefix}/${encodePath(key)}`, {
    OSSAccessKeyId: credentials.accessKeyId,
    Expires: expires,
    ...signed,
    Signature: signature,
  });
}

/** Percent-encodes a key for a request path; slashes stay. */
export function encodePath(key: string): string {
  return encode(key).replaceAll('%2F', '/');
}

function withQuery(url: string, parameters: Readonly<Record<string, string>>): string {
  const query = Object.entries(parameters)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&');
  return query === '' ? url : `${url}?${query}`;
}

/** Percent-encodes all but the unreserved characters of RFC 3986. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
