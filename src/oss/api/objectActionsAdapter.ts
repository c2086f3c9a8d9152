import { defined } from '../../base/defined.ts';
import { AppError } from '../../base/errors.ts';
import { versionPage, versionTimeMs } from './responses.ts';
import type { ObjectRef, ObjectVersion } from '../model.ts';
import { longestLifetimeMs } from '../objectActions.ts';
import type { ObjectActions, RestoreAnswer, RestoreRequest } from '../objectActions.ts';
import type { SignedUrl } from '../objectLister.ts';
import type { OssCalls, OssTarget } from './ossCalls.ts';
import { describeObject } from '../ossPath.ts';
import { plainUrl, signUrlV1, signUrlV4 } from './signedUrl.ts';

/** Pages of 1000 versions each; older versions are left out. */
const maxVersionPages = 5;

/** Adapter: `ObjectActions` with ali-oss. */
export function createObjectActions(calls: OssCalls): ObjectActions {
  return {
    plainUrl: async (object, signal) => plainUrl(await calls.baseOf(object.profile, object, signal), object),

    signFor: async (object, lifetimeMs, signal) => {
      signal.throwIfAborted();
      return signUrl(
        await calls.target(object.profile, object, signal),
        object,
        Math.min(lifetimeMs, longestLifetimeMs),
      );
    },

    restore: (object, request, signal) => restore(calls, object, request, signal),
    listVersions: (object, signal) => listVersions(calls, object, signal),
  };
}

async function restore(
  calls: OssCalls,
  object: ObjectRef,
  { storageClass, days, tier }: RestoreRequest,
  signal: AbortSignal,
): Promise<RestoreAnswer> {
  const { key, versionId } = object;
  try {
    return await calls.perform<RestoreAnswer>(
      {
        profile: object.profile,
        bucket: object,
        subject: describeObject(object),
        run: async (client, ctx) => {
          try {
            await client.restore(key, {
              ctx,
              type: storageClass,
              Days: days,
              JobParameters: tier,
              ...defined({ versionId }),
            });
            return 'started';
          } catch (error) {
            if (ctx.failure === undefined && error instanceof Error && 'status' in error && error.status === 200) {
              return 'restored'; // ali-oss accepts only 202
            }
            throw error;
          }
        },
      },
      signal,
    );
  } catch (error) {
    if (error instanceof AppError && error.details.ossCode === 'RestoreAlreadyInProgress') {
      return 'ongoing';
    }
    throw error;
  }
}

async function listVersions(
  calls: OssCalls,
  object: ObjectRef,
  signal: AbortSignal,
): Promise<readonly ObjectVersion[]> {
  const found: ObjectVersion[] = [];
  let marker: Readonly<Record<string, string>> = {};
  for (let page = 0; page < maxVersionPages; page += 1) {
    const answer = await calls.perform(
      {
        profile: object.profile,
        bucket: object,
        subject: describeObject(object),
        rootElement: 'ListVersionsResult',
        run: (client, ctx) =>
          client.getBucketVersions(
            { 'encoding-type': 'url', 'max-keys': 1000, prefix: object.key, ...marker },
            { ctx },
          ),
      },
      signal,
    );
    const { versions, isLast } = versionPage(object, answer);
    found.push(...versions);
    if (isLast || !answer.isTruncated || answer.nextKeyMarker === null) {
      break;
    }
    // All pages up to the next name belong to this object.
    marker = {
      'key-marker': object.key,
      ...(answer.nextVersionIdMarker === null ? {} : { 'version-id-marker': answer.nextVersionIdMarker }),
    };
  }
  return found.sort((a, b) => versionTimeMs(b) - versionTimeMs(a));
}

/**
 * Signs a GET URL that expires with the credentials or after `lifetimeMs`, whichever is first; by the server's clock.
 * @throws AppError `auth/tokenExpired` when the credentials expire within a second
 */
export function signUrl(
  { base, credentials, signature, clockOffsetMs, client, endpoint }: OssTarget,
  object: ObjectRef,
  lifetimeMs: number,
): SignedUrl {
  if (credentials === undefined) {
    return { url: plainUrl(base, object), expiresAtMs: Number.MAX_SAFE_INTEGER };
  }
  const nowMs = Date.now() + clockOffsetMs;
  const expiresAtMs = Math.min(nowMs + lifetimeMs, credentials.expiresAtMs ?? Number.MAX_SAFE_INTEGER);
  const lifetimeSeconds = Math.floor((expiresAtMs - nowMs) / 1000);
  if (lifetimeSeconds < 1) {
    throw new AppError('auth/tokenExpired', `the security token has ended: ${object.profile}`, {
      details: { subject: object.profile },
    });
  }
  const facts = { base, credentials, nowMs, lifetimeSeconds };
  const url =
    signature === 'v1' ? signUrlV1(client, facts, object) : signUrlV4(client, facts, object, endpoint.region ?? '');
  return { url, expiresAtMs: expiresAtMs - clockOffsetMs };
}
