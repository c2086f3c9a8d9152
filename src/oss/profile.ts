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
}

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
