import { defined } from '../../base/defined.ts';
import { delay, isAbort, reasonOf } from '../../base/abort.ts';
import { backoffMs } from '../../base/backoff.ts';
import { AppError } from '../../base/errors.ts';
import type { ErrorCode } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { createAliOssClient } from './aliOssClient.ts';
import type { AliOssClient } from './aliOssClient.ts';
import type { CallContext, Urllib } from './aliOssTransport.ts';
import type { BucketRegions, BucketRef } from '../model.ts';
import { endpointOf, requestBase } from '../endpoint.ts';
import type { Endpoint, RequestBase } from '../endpoint.ts';
import { isSameKey } from '../profile.ts';
import type { CredentialResolver } from '../credentials/resolver.ts';
import { parsePublicHost } from '../publicCloud.ts';
import type { Credentials, SignatureVersion } from '../profile.ts';

const attempts = 3;
const backoff = { firstMs: 200, maxMs: 2000 };
/** A longer wait that the server requests is reported instead: a user is waiting for the tree. */
const longestWaitMs = 5000;
/** A smaller skew does not explain a failed request. */
const smallestSkewMs = 60_000;

/** Error code and details of a refused request. */
export type Refusal = Pick<AppError, 'code' | 'details'>;

/** Profile and bucket of a request. */
export interface OssScope {
  readonly profile: string;
  /** Absent: the service itself. */
  readonly bucket?: BucketRef;
}

/** One request to OSS. */
export interface OssCall<T> extends OssScope {
  /** For errors and the log; absent: the endpoint. */
  readonly subject?: string;
  /** @see CallContext.rootElement */
  readonly rootElement?: string;
  readonly run: (client: AliOssClient, ctx: CallContext) => Promise<T>;
}

/**
 * Calls OSS through ali-oss, with credentials, a few retries, and corrections learned from errors and applied at once:
 * a wrong clock of this machine, the region of a bucket on the public cloud, and an expired key.
 */
export class OssCalls {
  private readonly credentials: CredentialResolver;
  private readonly urllib: Urllib;
  private readonly logger: Logger;
  /** Server clock minus local clock in milliseconds, by origin. */
  private readonly clockOffsets = new Map<string, number>();
  private readonly bucketRegions: BucketRegions;

  /** @param bucketRegions by bucket alone: on the public cloud bucket names are unique */
  constructor(credentials: CredentialResolver, urllib: Urllib, bucketRegions: BucketRegions, logger: Logger) {
    this.bucketRegions = bucketRegions;
    this.credentials = credentials;
    this.urllib = urllib;
    this.logger = logger;
  }

  /** Runs a call with retries and corrections. @throws AppError for the OSS error, or `signal.reason` when aborted */
  async perform<T>(call: OssCall<T>, signal: AbortSignal): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.corrected(call, signal);
      } catch (error) {
        if (signal.aborted) {
          throw reasonOf(signal);
        }
        if (!(error instanceof AppError) || !error.retryable || attempt === attempts) {
          throw error;
        }
        const waitMs = backoffMs(attempt, backoff, Math.random, error.details.retryAfterMs);
        if (waitMs > longestWaitMs) {
          throw error;
        }
        this.logger.log('warn', `attempt ${attempt} of ${attempts} failed, again in ${waitMs} ms: ${error.message}`);
        await delay(waitMs, signal);
      }
    }
  }

  /**
   * Resolves the endpoint, credentials and client for a bucket, or for the service itself.
   * @throws AppError `input/*`, `auth/missingCredentials`, `auth/sourceFailed`
   */
  async target(profileName: string, bucket: BucketRef | undefined, signal: AbortSignal): Promise<OssTarget> {
    const { profile, credentials } = await this.credentials.resolve(profileName, bucket?.bucket, signal);
    const endpoint = endpointOf(profile, bucket === undefined ? undefined : this.regionOf(bucket));
    const signature = profile.signature ?? 'v4';
    if (credentials !== undefined && signature === 'v4' && endpoint.region === undefined) {
      throw new AppError(
        'input/invalidEndpoint',
        `signatures name a region: add one to the profile, or choose signature v1: ${profileName}`,
        { details: { subject: profileName } },
      );
    }
    const base = requestBase(endpoint, bucket?.bucket);
    const clockOffsetMs = this.clockOffsets.get(base.origin) ?? 0;
    const client = createAliOssClient({
      urllib: this.urllib,
      credentials,
      region: endpoint.region,
      bucket: bucket?.bucket,
      signature,
      clockOffsetMs,
    });
    return { endpoint, base, credentials, signature, clockOffsetMs, client };
  }

  /**
   * Resolves the origin of a bucket, without credentials.
   * @throws AppError `input/*`, `auth/sourceFailed` if the profile's source must name the endpoint and fails
   */
  async baseOf(profileName: string, bucket: BucketRef, signal: AbortSignal): Promise<RequestBase> {
    return requestBase(
      endpointOf(await this.credentials.locate(profileName, bucket.bucket, signal), this.regionOf(bucket)),
      bucket.bucket,
    );
  }

  /** The region of a bucket if known: as the server reported it, else as in the reference. */
  regionOf({ bucket, region }: BucketRef): string | undefined {
    return this.bucketRegions.get(bucket) ?? region;
  }

  private async corrected<T>(call: OssCall<T>, signal: AbortSignal): Promise<T> {
    for (let corrections = 0; ; corrections++) {
      const target = await this.target(call.profile, call.bucket, signal);
      try {
        return await runOnce(call, target, signal);
      } catch (error) {
        if (corrections === 2 || !(error instanceof AppError) || !(await this.learn(error, call, target, signal))) {
          throw error;
        }
        this.logger.log('info', `trying again with what was learned: ${error.message}`);
      }
    }
  }

  /** Applies what a refusal teaches. @returns whether the corrected request is worth an attempt */
  async learn(
    { code, details }: Refusal,
    { profile, bucket }: OssScope,
    { base, endpoint, credentials, clockOffsetMs }: OssTarget,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (credentials !== undefined && isAboutKey(code)) {
      // The source may have another key by now, or issue a new one.
      this.credentials.refused(credentials);
      const next = (await this.credentials.resolve(profile, bucket?.bucket, signal)).credentials;
      return next === undefined || !isSameKey(next, credentials);
    }
    if ((code === 'auth/clockSkewed' || code === 'auth/urlExpired') && details.serverTimeMs !== undefined) {
      const offsetMs = details.serverTimeMs - Date.now();
      this.clockOffsets.set(base.origin, offsetMs);
      return Math.abs(offsetMs - clockOffsetMs) > smallestSkewMs;
    }
    // Only the region is taken from the response; the host is derived from it, so credentials go to no other host.
    const named = code === 'endpoint/wrongEndpoint' ? parsePublicHost(details.endpoint ?? '') : undefined;
    if (
      bucket === undefined ||
      named?.region === undefined ||
      endpoint.publicHost?.region === undefined ||
      named.region === endpoint.region
    ) {
      return false;
    }
    this.bucketRegions.set(bucket.bucket, named.region);
    this.logger.log(
      'info',
      `a bucket is in ${named.region}, not in ${endpoint.region ?? 'the region of its profile'}; requests now go ` +
        `there: ${bucket.bucket}`,
    );
    return true;
  }
}

function isAboutKey(code: ErrorCode): boolean {
  return code === 'auth/tokenExpired' || code === 'auth/unknownKey' || code === 'auth/wrongSecret';
}

async function runOnce<T>(
  { subject, rootElement, run }: OssCall<T>,
  { base, credentials, client }: OssTarget,
  signal: AbortSignal,
): Promise<T> {
  const ctx: CallContext = {
    signal,
    base,
    subject: subject ?? base.origin,
    isSigned: credentials !== undefined,
    ...defined({ rootElement }),
  };
  try {
    return await run(client, ctx);
  } catch (error) {
    if (isAbort(error, signal)) {
      throw reasonOf(signal);
    }
    if (ctx.failure !== undefined || error instanceof AppError) {
      throw ctx.failure ?? error;
    }
    // The request itself succeeded, so ali-oss could not parse the body.
    throw new AppError(
      'server/unexpectedAnswer',
      `the answer cannot be read (${error instanceof Error ? error.name : typeof error}): ${ctx.subject}`,
      { details: { subject: ctx.subject }, cause: error },
    );
  }
}

/** Inputs of one call. Resolved for each call: profiles and credentials may change at any time. */
export interface OssTarget {
  readonly endpoint: Endpoint;
  readonly base: RequestBase;
  /** Undefined: anonymous. */
  readonly credentials: Credentials | undefined;
  readonly signature: SignatureVersion;
  readonly clockOffsetMs: number;
  readonly client: AliOssClient;
}
