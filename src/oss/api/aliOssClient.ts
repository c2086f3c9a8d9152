import OSS from 'ali-oss';
import { placeholderOrigin } from './aliOssTransport.ts';
import type { CallContext, Urllib, UrllibResult } from './aliOssTransport.ts';
import type { Credentials, SignatureVersion } from '../profile.ts';

/** The used part of an ali-oss client. Its published types lack the context, the signing and the raw response. */
export interface AliOssClient {
  listBuckets(query: Readonly<Record<string, string | number>>, options: CallOptions): Promise<AliBuckets>;
  listV2(query: Record<string, string | number>, options: CallOptions): Promise<AliPage>;
  head(key: string, options: CallOptions): Promise<{ readonly res: UrllibResult['res'] }>;
  getBucketVersions(query: Readonly<Record<string, string | number>>, options: CallOptions): Promise<AliVersions>;
  restore(
    key: string,
    options: CallOptions & { readonly type: string; readonly Days: number; readonly JobParameters: string },
  ): Promise<unknown>;
  /**
   * Computes the `Authorization` header of a V4 request; with the queries of a pre-signed URL its signature is the
   * URL's.
   */
  authorizationV4(
    method: string,
    request: { readonly headers: object; readonly queries: Readonly<Record<string, string>> },
    bucket: string,
    key: string,
  ): string;
  /** Computes the HMAC-SHA1 of a V1 string to sign. */
  signature(stringToSign: string): string;
}

export interface CallOptions {
  readonly ctx: CallContext;
  readonly versionId?: string;
}

export interface AliBuckets {
  readonly buckets:
    | readonly {
        readonly name: string;
        readonly region: string;
        readonly creationDate: string;
        readonly storageClass: string;
      }[]
    | null;
  readonly isTruncated: boolean;
  readonly nextMarker: string | null;
}

export interface AliPage {
  readonly objects: readonly AliObject[];
  readonly prefixes: readonly string[] | null;
  readonly isTruncated: boolean;
  readonly nextContinuationToken: string | null;
  readonly res: UrllibResult['res'];
}

export interface AliVersions {
  readonly objects: readonly (AliObject & { readonly versionId: string; readonly isLatest: boolean })[];
  readonly deleteMarker: readonly {
    readonly name: string;
    readonly versionId: string;
    readonly lastModified: string;
  }[];
  readonly isTruncated: boolean;
  readonly nextKeyMarker: string | null;
  readonly nextVersionIdMarker: string | null;
  readonly res: UrllibResult['res'];
}

export interface AliObject {
  readonly name: string;
  readonly lastModified: string;
  readonly etag?: string;
  readonly type?: string;
  readonly size: number;
  readonly storageClass?: string;
  readonly restoreInfo?: { readonly ongoingRequest: boolean; readonly expiryDate?: Date };
}

export interface AliOssSetup {
  readonly urllib: Urllib;
  /** Undefined: anonymous; the transport removes the signature. */
  readonly credentials: Credentials | undefined;
  readonly region: string | undefined;
  readonly bucket: string | undefined;
  readonly signature: SignatureVersion;
  /** Added to this machine's clock when a request is dated. */
  readonly clockOffsetMs: number;
}

/**
 * Creates a client for one call: that takes microseconds, and no state of another profile can remain in it. `inited`
 * and the parsed endpoint keep ali-oss from parsing its options, which would call the deprecated `url.parse` and warn
 * about STS tokens on the console.
 */
export function createAliOssClient({
  urllib,
  credentials,
  region,
  bucket,
  signature,
  clockOffsetMs,
}: AliOssSetup): AliOssClient {
  const host = placeholderOrigin.slice('http://'.length);
  return new Client({
    inited: true,
    urllib,
    accessKeyId: credentials?.accessKeyId ?? 'anonymous',
    accessKeySecret: credentials?.accessKeySecret ?? 'anonymous',
    ...(credentials?.securityToken === undefined ? {} : { stsToken: credentials.securityToken }),
    region: region ?? 'unknown',
    bucket: bucket ?? null,
    authorizationV4: signature === 'v4',
    endpoint: { protocol: 'http:', slashes: true, host, hostname: host },
    // The transport adds the bucket to host or path; the signature names it in any case.
    cname: true,
    headerEncoding: 'utf-8',
    amendTimeSkewed: clockOffsetMs,
  });
}

// The constructor takes more options than the published types have.
const Base = OSS as unknown as new (options: object) => AliOssClient;

class Client extends Base {
  /** Keeps leading slashes: ali-oss strips them here, and would read another object. */
  _objectName(name: string): string {
    return name;
  }
}
