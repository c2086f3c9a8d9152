import { v4Algorithm, canonicalRequestV4, signatureV4, stringToSignV4 } from '../../../server/signing/signatureV4.ts';
import { signatureV1, stringToSignV1 } from '../../../server/signing/signatureV1.ts';
import type { OssServer } from '../../../server/ossServer.ts';
import { uriEncode } from '../../../server/signing/uriEncode.ts';
import { defaultUser } from '../../../server/signing/users.ts';
import type { OssUser } from '../../../server/signing/users.ts';
import { send } from './rawClient.ts';
import type { RawResponse } from './rawClient.ts';

export interface ObjectRequest {
  readonly method?: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  /** By lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Signer {
  readonly user: OssUser;
  readonly region: string;
  /** The client's clock. */
  readonly nowMs: number;
}

export function defaultSigner(server: OssServer): Signer {
  return { user: defaultUser, region: server.settings.region, nowMs: server.now() };
}

/** Path-style path with its query. */
export function pathOf({ bucket, key, query = {} }: ObjectRequest): string {
  const path = `/${bucket === undefined ? '' : `${bucket}/`}${uriEncode(key ?? '').replaceAll('%2F', '/')}`;
  const pairs = Object.entries(query).map(([name, value]) =>
    value === '' ? uriEncode(name) : `${uriEncode(name)}=${uriEncode(value)}`,
  );
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

function v4Date(ms: number): string {
  return `${new Date(ms)
    .toISOString()
    .replace(/[-:]|\.\d+/g, '')
    .slice(0, 15)}Z`;
}

/** Sends a request signed with V4 in its header. */
export function sendSigned(
  server: OssServer,
  request: ObjectRequest,
  signer: Signer = defaultSigner(server),
): Promise<RawResponse> {
  return send(server.port, { ...rest(request), path: pathOf(request), headers: signV4(request, signer) });
}

/** The request's headers with a V4 signature among them. */
export function signV4(request: ObjectRequest, { user, region, nowMs }: Signer): Record<string, string> {
  const dateTime = v4Date(nowMs);
  const scope = { date: dateTime.slice(0, 8), region, product: 'oss' };
  const headers = {
    ...request.headers,
    'x-oss-date': dateTime,
    'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
    ...(user.securityToken === undefined ? {} : { 'x-oss-security-token': user.securityToken }),
  };
  const { method = 'GET', bucket, key, query = {} } = request;
  const canonical = canonicalRequestV4({
    method,
    bucket,
    key,
    query: Object.entries(query),
    headers,
    additionalHeaders: [],
  });
  const signature = signatureV4(user.accessKeySecret, scope, stringToSignV4(dateTime, scope, canonical));
  return {
    ...headers,
    authorization:
      `${v4Algorithm} Credential=${user.accessKeyId}/${scope.date}/${region}/oss/aliyun_v4_request,Sign` +
      `ature=${signature}`,
  };
}

/** The path of a V4 URL signed for so many seconds; `headers` of the request are signed too. */
export function presignV4(request: ObjectRequest, { user, region, nowMs }: Signer, seconds: number): string {
  const dateTime = v4Date(nowMs);
  const scope = { date: dateTime.slice(0, 8), region, product: 'oss' };
  const query = {
    ...request.query,
    'x-oss-signature-version': v4Algorithm,
    'x-oss-credential': `${user.accessKeyId}/${scope.date}/${region}/oss/aliyun_v4_request`,
    'x-oss-date': dateTime,
    'x-oss-expires': String(seconds),
    ...(user.securityToken === undefined ? {} : { 'x-oss-security-token': user.securityToken }),
  };
  const { method = 'GET', bucket, key, headers = {} } = request;
  const canonical = canonicalRequestV4({
    method,
    bucket,
    key,
    query: Object.entries(query),
    headers,
    additionalHeaders: [],
  });
  const signature = signatureV4(user.accessKeySecret, scope, stringToSignV4(dateTime, scope, canonical));
  return pathOf({ ...request, query: { ...query, 'x-oss-signature': signature } });
}

/** The request's headers with a V1 signature among them. */
export function signV1(request: ObjectRequest, { user, nowMs }: Signer): Record<string, string> {
  const date = new Date(nowMs).toUTCString();
  const headers = {
    ...request.headers,
    date,
    ...(user.securityToken === undefined ? {} : { 'x-oss-security-token': user.securityToken }),
  };
  const { method = 'GET', bucket, key, query = {} } = request;
  const text = stringToSignV1({ method, bucket, key, query: Object.entries(query), headers, date });
  return { ...headers, authorization: `OSS ${user.accessKeyId}:${signatureV1(user.accessKeySecret, text)}` };
}

/** The path of a V1 URL signed until then. */
export function presignV1(request: ObjectRequest, { user }: Signer, expiresSeconds: number): string {
  const query = {
    ...request.query,
    ...(user.securityToken === undefined ? {} : { 'security-token': user.securityToken }),
  };
  const { method = 'GET', bucket, key, headers = {} } = request;
  const text = stringToSignV1({
    method,
    bucket,
    key,
    query: Object.entries(query),
    headers,
    date: String(expiresSeconds),
  });
  return pathOf({
    ...request,
    query: {
      ...query,
      OSSAccessKeyId: user.accessKeyId,
      Expires: String(expiresSeconds),
      Signature: signatureV1(user.accessKeySecret, text),
    },
  });
}

function rest({ method, body }: ObjectRequest): { method?: string; body?: string | Buffer } {
  return { ...(method === undefined ? {} : { method }), ...(body === undefined ? {} : { body }) };
}
