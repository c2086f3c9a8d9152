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
import type { LiveProfiles } from '../credentials/liveProfiles.ts';
import { parsePublicHost } from '../publicCloud.ts';
import type { Credentials, SignatureVersion } from '../profile.ts';

const attempts = 3;
const backoff = { firstMs: 200, maxMs: 2000 };
/** Somebody waits in front of a tree: a server that asks for more is reported instead. */
const longestWaitMs = 5000;
/** Below this a clock is not what made a request fail. */
const smallestSkewMs = 60_000;

/** What a server said no with. */
export type Refusal = Pick<AppError, 'code' | 'details'>;

/** What was asked for. */
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
 * Calls to OSS through ali-oss, with what all of them share: credentials, a few retries, and three things learned from
 * errors, each used at once: a wrong clock of this machine, the region of a bucket on the public cloud, and a key that
 * has ended.
 */
export class OssCalls {
  private readonly profiles: LiveProfiles;
  private readonly urllib: Urllib;
  private readonly logger: Logger;
  /** By origin. */
  private readonly clockOffsets = new Map<string, number>();
  private readonly bucketRegions: BucketRegions;

  /** @param bucketRegions of the public cloud, where names of buckets are unique */
  constructor(profiles: LiveProfiles, urllib: Urllib, bucketRegions: BucketRegions, logger: Logger) {
    this.bucketRegions = bucketRegions;
    this.profiles = profiles;
    this.urllib = urllib;
    this.logger = logger;
  }

  /** @throws AppError after the OSS error, or `signal.reason` when aborted */
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
   * Where a bucket's requests go and who sends them. @throws AppError `input/*`, `auth/missingCredentials`,
   * `auth/sourceFailed`
   */
  async target(profileName: string, bucket: BucketRef | undefined, signal: AbortSignal): Promise<OssTarget> {
    const { profile, credentials } = await this.profiles.resolve(profileName, bucket?.bucket, signal);
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
   * Where a bucket's requests go. @throws AppError `input/*`, `auth/sourceFailed` where the profile's source says it
   */
  async baseOf(profileName: string, bucket: BucketRef, signal: AbortSignal): Promise<RequestBase> {
    return requestBase(
      endpointOf(await this.profiles.locate(profileName, bucket.bucket, signal), this.regionOf(bucket)),
      bucket.bucket,
    );
  }

  /** The region of a bucket as far as it is known: what the server said, else what the reference says. */
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

  /** Learns what a refusal teaches. @returns whether the same request, made anew, is worth a try */
  async learn(
    { code, details }: Refusal,
    { profile, bucket }: OssScope,
    { base, endpoint, credentials, clockOffsetMs }: OssTarget,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (credentials !== undefined && isAboutKey(code)) {
      // A source that is read live may have another key by now, one that hands out keys makes a new one.
      this.profiles.refused(credentials);
      const next = (await this.profiles.resolve(profile, bucket?.bucket, signal)).credentials;
      return next === undefined || !isSameKey(next, credentials);
    }
    if ((code === 'auth/clockSkewed' || code === 'auth/urlExpired') && details.serverTimeMs !== undefined) {
      const offsetMs = details.serverTimeMs - Date.now();
      this.clockOffsets.set(base.origin, offsetMs);
      return Math.abs(offsetMs - clockOffsetMs) > smallestSkewMs;
    }
    // Only a region is taken from the answer: the host is then our own rule's, so credentials go nowhere else.
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
      `a bucket lies in ${named.region}, not in ${endpoint.region ?? 'the region of its profile'}; from now on it ` +
        `is asked for there: ${bucket.bucket}`,
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
    // The request itself went well, so it is the body that ali-oss could not make sense of.
    throw new AppError(
      'server/unexpectedAnswer',
      `the answer cannot be read (${error instanceof Error ? error.name : typeof error}): ${ctx.subject}`,
      { details: { subject: ctx.subject }, cause: error },
    );
  }
}

/** Everything that one call needs, looked up anew each time: profiles and credentials may change at any moment. */
export interface OssTarget {
  readonly endpoint: Endpoint;
  readonly base: RequestBase;
  /** Undefined: anonymous. */
  readonly credentials: Credentials | undefined;
  readonly signature: SignatureVersion;
  readonly clockOffsetMs: number;
  readonly client: AliOssClient;
}
