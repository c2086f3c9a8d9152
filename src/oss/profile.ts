/**
 * One way to reach OSS, as the user's settings hold it. No secret ever stands here.
 * A public-cloud profile names a region, a private cloud or a custom domain an endpoint; both may be there.
 */
export interface Profile {
  /** Unique; also the key under which its secret is kept. */
  readonly name: string;
  /** Such as `cn-hangzhou`; `oss-cn-hangzhou` is accepted and shortened where it is read. */
  readonly region?: string;
  /** Such as `https://oss-cn-hangzhou.aliyuncs.com` or `http://127.0.0.1:9000`. */
  readonly endpoint?: string;
  readonly credentials: CredentialsSource;
  /** How requests sign themselves; absent: V4. Some private clouds know V1 only. */
  readonly signature?: SignatureVersion;
  /** How requests name the bucket; absent: `path` for IP addresses and localhost, else `virtualHosted`. */
  readonly addressing?: Addressing;
}

export type SignatureVersion = 'v4' | 'v1';

/**
 * `virtualHosted`: `bucket.host/key`. `path`: `host/bucket/key`; the public cloud refuses it.
 * `cname`: `host/key`, the host is a domain bound to one bucket.
 */
export type Addressing = 'virtualHosted' | 'path' | 'cname';

/**
 * `accessKey`: typed by the user, kept in secret storage. `anonymous`: public buckets, requests are not signed.
 * `environment`: `OSS_ACCESS_KEY_ID`, `OSS_ACCESS_KEY_SECRET`, `OSS_SESSION_TOKEN`, read each time.
 */
export type CredentialsSource = 'accessKey' | 'anonymous' | 'environment';

/** Secret. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
  /** When the token ends, in milliseconds since the epoch, where that is known. */
  readonly expiresAtMs?: number;
}

/** Port: the profiles of this user. */
export interface ProfileSource {
  /** @throws AppError `input/unknownProfile` */
  profile(name: string): Profile;
  /**
   * The credentials of a profile right now; undefined for an anonymous one.
   * @throws AppError `input/unknownProfile`, `auth/missingCredentials` (names where they were looked for)
   */
  credentials(name: string): Promise<Credentials | undefined>;
}
