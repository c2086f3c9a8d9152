import type { ObjectStore, OssBucket } from '../objects/objectStore.ts';
import type { RequestTarget } from './requestTarget.ts';
import type { ServerSettings } from '../settings.ts';
import type { OssUser, UserRight } from '../signing/users.ts';
import { isAllowed } from '../signing/users.ts';
import { accessDenied } from './ossError.ts';

/** A request that has been read and whose signature holds. */
export interface OssRequest {
  readonly method: string;
  readonly target: RequestTarget;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Undefined: anonymous. */
  readonly user: OssUser | undefined;
  readonly store: ObjectStore;
  readonly settings: ServerSettings;
  readonly nowMs: number;
}

/**
 * Lets pass who may do this: users by their rights, anybody in public buckets when it is reading.
 * @throws OssError AccessDenied
 */
export function demandRight(
  request: OssRequest,
  action: UserRight['action'],
  bucket: OssBucket | undefined,
  keyOrPrefix: string,
): void {
  const { user, settings } = request;
  if (settings.dialect === 'plain') {
    return;
  }
  if (
    bucket?.options.acl === 'public-read' &&
    (action === 'read' || (action === 'list' && bucket.options.anonymousListing !== false))
  ) {
    return;
  }
  if (user === undefined) {
    throw accessDenied(
      bucket === undefined
        ? 'Anonymous access is forbidden for this operation.'
        : 'You have no right to access this object because of bucket acl.',
    );
  }
  if (!isAllowed(user, action, bucket?.name, keyOrPrefix)) {
    throw accessDenied('You have no right to access this object.');
  }
}
