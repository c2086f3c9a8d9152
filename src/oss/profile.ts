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
 * `environment`: the variables of this process, `OSS_*` before `ALIBABA_CLOUD_*`. Everything but a typed key is read
 * anew whenever it is needed.
 */
export type CredentialsSource = 'accessKey' | 'anonymous' | 'environment' | ExternalSource;

/** Where a key comes from that another program keeps or a service hands out. No secret stands here. */
export type ExternalSource =
  /** `~/.ossutilconfig` or another file of ossutil; `profile` is a section of ossutil 2, absent: the default one. */
  | { readonly from: 'ossutil'; readonly file?: string; readonly profile?: string }
  /** `~/.aliyun/config.json`; `profile` absent: the one that the CLI uses at the moment. */
  | { readonly from: 'aliyunCli'; readonly file?: string; readonly profile?: string }
  /** The role of the ECS instance that this runs on; `role` absent: the instance tells it. */
  | { readonly from: 'ecsRole'; readonly role?: string }
  /** A role that a token in a file may assume, as in a Kubernetes pod. */
  | ({
      readonly from: 'oidc';
      readonly roleArn: string;
      readonly providerArn: string;
      readonly tokenFile: string;
    } & RoleSession)
  /** A role that the key of another profile may assume. */
  | ({
      readonly from: 'assumeRole';
      readonly profile: string;
      readonly roleArn: string;
      readonly externalId?: string;
    } & RoleSession)
  /** An address that hands out keys as JSON. */
  | { readonly from: 'uri'; readonly uri: string }
  /** A program that prints a key as JSON; run without a shell, and only after the user allowed it. */
  | { readonly from: 'process'; readonly command: string };

export interface RoleSession {
  readonly sessionName?: string;
  /** Policy in JSON that narrows what the role may do. */
  readonly policy?: string;
  /** 900 to 43200; absent: an hour. */
  readonly durationSeconds?: number;
  /** Absent: `sts.aliyuncs.com`. */
  readonly stsEndpoint?: string;
}

/** Secret. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
  /** When the token ends, in milliseconds since the epoch, where that is known. */
  readonly expiresAtMs?: number;
}

/** Port: the profiles of this user. */
export interface ProfileProvider {
  /** @throws AppError `input/unknownProfile` */
  profile(name: string): Profile;
  /**
   * The access key that the user typed for a profile; undefined where there is none.
   * @throws AppError `input/unknownProfile`
   */
  storedCredentials(name: string): Promise<Credentials | undefined>;
  /**
   * Asks the user, once for each command, whether it may run to get credentials. False in a workspace that is not
   * trusted.
   */
  mayRun(command: string): Promise<boolean>;
}

/** Whether two are one key; a temporary key is its token too. */
export function isSameKey(a: Credentials, b: Credentials): boolean {
  return (
    a.accessKeyId === b.accessKeyId && a.accessKeySecret === b.accessKeySecret && a.securityToken === b.securityToken
  );
}
