import type { ObjectRef, ObjectVersion } from './model.ts';
import type { SignedUrl } from './objectLister.ts';

/** Longest lifetime of a V4 pre-signed URL, in milliseconds; V1 URLs are limited to it, too. */
export const longestLifetimeMs = 7 * 86_400_000;

/** Speed of a cold archive's restore: `Bulk` is the cheapest, and not available for DeepColdArchive. */
export type RestoreTier = 'Expedited' | 'Standard' | 'Bulk';

export interface RestoreRequest {
  readonly storageClass: string;
  /** 1 to 7 for Archive, 1 to 365 for the others. */
  readonly days: number;
  /** Sent for ColdArchive and DeepColdArchive only. */
  readonly tier: RestoreTier;
}

export type RestoreAnswer = 'started' | 'ongoing' | 'restored';

/** Port: actions on one object other than reading it. Throws as `ObjectLister` does. */
export interface ObjectActions {
  /** URL without a signature, for publicly readable objects. */
  plainUrl(object: ObjectRef, signal: AbortSignal): Promise<string>;
  /**
   * Signs a URL to share: it allows anyone to read the object until it expires. For an anonymous profile, which cannot
   * sign, the plain URL, which never expires.
   * @param lifetimeMs at most `longestLifetimeMs`; a temporary security token may end it earlier, see `expiresAtMs`
   */
  signFor(object: ObjectRef, lifetimeMs: number, signal: AbortSignal): Promise<SignedUrl>;
  /**
   * Requests that an archived object becomes readable for some days.
   * @returns `started`, `ongoing` (requested before), or `restored`: readable now, and for these days from today
   */
  restore(object: ObjectRef, request: RestoreRequest, signal: AbortSignal): Promise<RestoreAnswer>;
  /**
   * Lists the versions and delete markers of an object, newest first; at most 5,000. Without versioning there is one,
   * with the id `null`.
   */
  listVersions(object: ObjectRef, signal: AbortSignal): Promise<readonly ObjectVersion[]>;
}
