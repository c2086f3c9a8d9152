import { defined } from '../../base/defined.ts';
import { createHmac, randomUUID } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { endpointOf, requestBase } from '../endpoint.ts';
import type { Credentials } from '../profile.ts';
import type { AssumedRole } from './credentialSpec.ts';
import { sourceFailure, temporaryKey } from './credentialSpec.ts';
import { askService, jsonMember, refusalText } from './serviceRequest.ts';

const timeoutMs = 10_000;
const defaultEndpoint = 'sts.aliyuncs.com';

/**
 * Assumes a role with a key.
 * @throws AppError `auth/sourceFailed` (`refused`, `malformed`), `network/*`
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
 */
export async function assumeRole(
  dispatcher: Dispatcher,
  base: Credentials,
  role: AssumedRole,
  signal: AbortSignal,
): Promise<Credentials> {
  const form = signed(
    {
      ...common('AssumeRole'),
      ...roleParameters(role),
      ...defined({ ExternalId: role.externalId }),
      SignatureMethod: 'HMAC-SHA1',
      SignatureVersion: '1.0',
      SignatureNonce: randomUUID(),
      AccessKeyId: base.accessKeyId,
      ...defined({ SecurityToken: base.securityToken }),
    },
    base.accessKeySecret,
  );
  return post(dispatcher, role, form, signal);
}

/**
 * Assumes a role with a token of an identity provider. The request is not signed.
 * @throws AppError `auth/sourceFailed` (`refused`, `malformed`), `network/*`
 * @see https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerolewithoidc
 */
export async function assumeRoleWithOidc(
  dispatcher: Dispatcher,
  providerArn: string,
  token: string,
  role: AssumedRole,
  signal: AbortSignal,
): Promise<Credentials> {
  return post(
    dispatcher,
    role,
    { ...common('AssumeRoleWithOIDC'), ...roleParameters(role), OIDCProviderArn: providerArn, OIDCToken: token },
    signal,
  );
}

async function post(
  dispatcher: Dispatcher,
  { arn, stsEndpoint = defaultEndpoint }: AssumedRole,
  form: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Credentials> {
  const { origin } = requestBase({ ...endpointOf({ endpoint: stsEndpoint }) });
  const answer = await askService(
    dispatcher,
    {
      method: 'POST',
      origin,
      path: '/',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: canonical(form),
      timeoutMs,
    },
    signal,
  );
  const subject = `${origin} (${arn})`;
  if (answer.status !== 200) {
    throw sourceFailure('refused', `the role could not be assumed (${refusalText(answer)})`, subject);
  }
  return temporaryKey(jsonMember(answer.text, 'Credentials'), subject);
}

function common(action: string): Record<string, string> {
  return {
    Action: action,
    Format: 'JSON',
    Version: '2015-04-01',
    Timestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
  };
}

function roleParameters({
  arn,
  sessionName = 'oss-downloader',
  policy,
  durationSeconds,
}: AssumedRole): Record<string, string> {
  return {
    RoleArn: arn,
    RoleSessionName: sessionName,
    ...defined({ Policy: policy }),
    DurationSeconds: String(durationSeconds ?? 3600),
  };
}

/** @see https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism, signature of RPC-style requests */
function signed(parameters: Readonly<Record<string, string>>, secret: string): Record<string, string> {
  const text = `POST&${encode('/')}&${encode(canonical(parameters))}`;
  return { ...parameters, Signature: createHmac('sha1', `${secret}&`).update(text).digest('base64') };
}

function canonical(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&');
}

/** Percent-encodes all but the unreserved characters of RFC 3986. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
