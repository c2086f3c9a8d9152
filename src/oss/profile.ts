/**
 * A profile in the user's settings: endpoint and credentials source. Never holds a secret.
 * On the public cloud it has a region, for a private cloud or a custom domain an endpoint; it may have both.
 */
export interface Profile {
  /** Unique; also the key of its secret in secret storage. */
  readonly name: string;
  /** Such as `cn-hangzhou`; `oss-cn-hangzhou` is accepted and shortened where it is read. */
  readonly region?: string;
  /** Such as `https://oss-cn-hangzhou.aliyuncs.com` or `http://127.0.0.1:9000`. */
  readonly endpoint?: string;
  readonly credentials: CredentialsSource;
  /** Signature version of requests; absent: V4. Some private clouds support V1 only. */
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
 * `environment`: the variables of this process, `OSS_*` before `ALIBABA_CLOUD_*`. All but `accessKey` are read again
 * for every use.
 */
export type CredentialsSource = 'accessKey' | 'anonymous' | 'environment' | ExternalSource;

/** A key that another program stores or a service issues. Holds no secret. */
export type ExternalSource =
  /** `~/.ossutilconfig` or another file of ossutil; `profile` is a section of ossutil 2, absent: the default one. */
  | { readonly from: 'ossutil'; readonly file?: string; readonly profile?: string }
  /** `~/.aliyun/config.json`; `profile` absent: the current one of the CLI. */
  | { readonly from: 'aliyunCli'; readonly file?: string; readonly profile?: string }
  /** The role of this ECS instance; `role` absent: read from the instance metadata. */
  | { readonly from: 'ecsRole'; readonly role?: string }
  /** A role assumed with a token file, as in a Kubernetes pod. */
  | ({
      readonly from: 'oidc';
      readonly roleArn: string;
      readonly providerArn: string;
      readonly tokenFile: string;
    } & RoleSession)
  /** A role assumed with the key of another profile. */
  | ({
      readonly from: 'assumeRole';
      readonly profile: string;
      readonly roleArn: string;
      readonly externalId?: string;
    } & RoleSession)
  /** A URL that returns a key as JSON. */
  | { readonly from: 'uri'; readonly uri: string }
  /** A program that prints a key as JSON; runs without a shell, and only after the user allowed it. */
  | { readonly from: 'process'; readonly command: string };

export interface RoleSession {
  readonly sessionName?: string;
  /** JSON policy that narrows the permissions of the role. */
  readonly policy?: string;
  /** 900 to 43200; absent: an hour. */
  readonly durationSeconds?: number;
  /** Absent: `sts.aliyuncs.com`. */
  readonly stsEndpoint?: string;
}

/** An access key. Secret. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
  /** Expiry of the token, in milliseconds since the epoch; absent if unknown. */
  readonly expiresAtMs?: number;
}

/** Port: the profiles of this user. */
export interface ProfileProvider {
  /** @throws AppError `input/unknownProfile` */
  profile(name: string): Profile;
  /**
   * Reads the access key that the user typed for a profile; undefined if there is none.
   * @throws AppError `input/unknownProfile`
   */
  storedCredentials(name: string): Promise<Credentials | undefined>;
  /**
   * Asks the user, once for each command, whether it may run to get credentials. False in an untrusted workspace.
   */
  mayRun(command: string): Promise<boolean>;
}

/** Whether both are the same key, including the token of a temporary one. */
export function isSameKey(a: Credentials, b: Credentials): boolean {
  return (
    a.accessKeyId === b.accessKeyId && a.accessKeySecret === b.accessKeySecret && a.securityToken === b.securityToken
  );
}
