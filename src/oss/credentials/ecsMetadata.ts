import type { Dispatcher } from 'undici';
import type { Credentials } from '../profile.ts';
import { sourceFailure, temporaryKey } from './credentialSpec.ts';
import { askService, jsonTexts, refusalText } from './serviceRequest.ts';
import type { ServiceResponse } from './serviceRequest.ts';

/** Reachable from within an instance only, and never through a proxy. */
export const ecsMetadataOrigin = 'http://100.100.100.200';

/** Then this is not an ECS instance: the service answers within milliseconds. */
const timeoutMs = 1000;
const roles = '/latest/meta-data/ram/security-credentials/';

export interface EcsRole {
  /** Absent: read from the metadata. */
  readonly role?: string;
  /** Whether to fail where the instance gives no token, instead of asking without one. */
  readonly isV2Only?: boolean;
}

/**
 * Requests the key of the instance's role, with a token (IMDSv2) or, unless `isV2Only`, without one if the instance
 * gives none.
 *
 * @throws AppError `auth/sourceFailed` (`refused` if the instance has no such role, `malformed`), `network/*` outside
 * of ECS
 * @see https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
 */
export async function ecsRoleKey(
  dispatcher: Dispatcher,
  { role, isV2Only = false }: EcsRole,
  signal: AbortSignal,
  origin = ecsMetadataOrigin,
): Promise<Credentials> {
  const token = await metadataToken(dispatcher, origin, isV2Only, signal);
  const get = async (path: string): Promise<string> => {
    const answer = await askService(
      dispatcher,
      {
        method: 'GET',
        origin,
        path,
        timeoutMs,
        ...(token === undefined ? {} : { headers: { 'x-aliyun-ecs-metadata-token': token } }),
      },
      signal,
    );
    if (answer.status !== 200) {
      throw refused(answer, `${origin}${path}`);
    }
    return answer.text;
  };
  const name = role ?? (await get(roles)).trim().split(/\s+/)[0] ?? '';
  const subject = `${origin}${roles}${name}`;
  const fields = jsonTexts(await get(roles + encodeURIComponent(name)));
  if (fields['Code'] !== undefined && fields['Code'] !== 'Success') {
    throw sourceFailure('refused', `the instance gives no key (${fields['Code'].slice(0, 100)})`, subject);
  }
  return temporaryKey(fields, subject);
}

/**
 * Reads the name of the instance's role; undefined if it has none. @throws AppError `network/*` outside of ECS
 */
export async function ecsRoleName(
  dispatcher: Dispatcher,
  signal: AbortSignal,
  origin = ecsMetadataOrigin,
): Promise<string | undefined> {
  const token = await metadataToken(dispatcher, origin, false, signal);
  const { status, text } = await askService(
    dispatcher,
    {
      method: 'GET',
      origin,
      path: roles,
      timeoutMs,
      ...(token === undefined ? {} : { headers: { 'x-aliyun-ecs-metadata-token': token } }),
    },
    signal,
  );
  // A proxy or a captive portal may answer instead: a role name is one word.
  const [name] = text.trim().split(/\s+/);
  return status === 200 && name !== undefined && /^[\w.@-]{1,64}$/.test(name) ? name : undefined;
}

async function metadataToken(
  dispatcher: Dispatcher,
  origin: string,
  isV2Only: boolean,
  signal: AbortSignal,
): Promise<string | undefined> {
  const answer = await askService(
    dispatcher,
    {
      method: 'PUT',
      origin,
      path: '/latest/api/token',
      headers: { 'x-aliyun-ecs-metadata-token-ttl-seconds': '21600' },
      timeoutMs,
    },
    signal,
  );
  if (answer.status === 200) {
    return answer.text.trim();
  }
  if (isV2Only) {
    throw refused(answer, `${origin}/latest/api/token`);
  }
  return undefined;
}

function refused(answer: ServiceResponse, subject: string): Error {
  return sourceFailure(
    'refused',
    `the instance's metadata service gives no key (${refusalText(answer)}): has the instance a role?`,
    subject,
  );
}
