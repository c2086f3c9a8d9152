/** Something a user may do; without `bucket` in every bucket, without `prefix` on every key. */
export interface UserRight {
  readonly action: 'listBuckets' | 'list' | 'read' | 'write' | 'restore';
  readonly bucket?: string;
  /** For `list` the request's prefix must start with it, else the key. */
  readonly prefix?: string;
}

/** Who may sign requests. A `securityToken` makes the key a temporary one, as STS hands out. */
export interface OssUser {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
  /** When the token ends, in milliseconds since the epoch. */
  readonly tokenExpiresMs?: number;
  /** False: another account, which pays for itself in requester-pays buckets. Default true. */
  readonly isOwner?: boolean;
  /** Absent: everything. */
  readonly rights?: readonly UserRight[];
}

export const defaultUser: OssUser = { accessKeyId: 'local-access-key', accessKeySecret: 'local-secret-key' };

/**
 * Someone whose RAM policy allows what lies below one prefix to be listed and read, and nothing else: not the buckets,
 * not the bucket's root.
 */
export function prefixUser(bucket: string, prefix: string): OssUser {
  return {
    accessKeyId: 'prefix-access-key',
    accessKeySecret: 'prefix-secret-key',
    rights: [
      { action: 'list', bucket, prefix },
      { action: 'read', bucket, prefix },
    ],
  };
}

export function isAllowed(
  user: OssUser,
  action: UserRight['action'],
  bucket: string | undefined,
  keyOrPrefix: string,
): boolean {
  return (
    user.rights === undefined ||
    user.rights.some(
      (right) =>
        right.action === action &&
        (right.bucket === undefined || right.bucket === bucket) &&
        keyOrPrefix.startsWith(right.prefix ?? ''),
    )
  );
}
