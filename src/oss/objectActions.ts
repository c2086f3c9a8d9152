import type { ObjectRef, ObjectVersion } from './model.ts';
import type { SignedUrl } from './objectLister.ts';

/** The longest life of a V4 pre-signed URL, and a sensible limit for others. In milliseconds. */
export const longestLifetimeMs = 7 * 86_400_000;

/** How fast a cold archive is restored: `Bulk` is the cheapest, and not for DeepColdArchive. */
export type RestoreTier = 'Expedited' | 'Standard' | 'Bulk';

export interface RestoreRequest {
  readonly storageClass: string;
  /** 1 to 7 for Archive, 1 to 365 for the others. */
  readonly days: number;
  /** Heard for ColdArchive and DeepColdArchive only. */
  readonly tier: RestoreTier;
}

export type RestoreAnswer = 'started' | 'ongoing' | 'restored';

/** Port: what a person may ask of one object beside reading it. Errors as with `ObjectLister`. */
export interface ObjectActions {
  /** The URL without a signature: good where the object may be read by everybody. */
  plainUrl(object: ObjectRef, signal: AbortSignal): Promise<string>;
  /**
   * A URL for somebody else: whoever has it may read the object until it expires.
   * @param lifetimeMs at most `longestLifetimeMs`; a temporary security token may end it earlier, as `expiresAtMs` then
   * says.   An anonymous profile has nothing to sign with: its URL is the plain one, and never expires
   */
  signFor(object: ObjectRef, lifetimeMs: number, signal: AbortSignal): Promise<SignedUrl>;
  /**
   * Asks OSS to make an archived object readable for some days.
   * @returns `started`, `ongoing` (it was asked for before), or `restored`: it can be read now, and for these days from
   * today
   */
  restore(object: ObjectRef, request: RestoreRequest, signal: AbortSignal): Promise<RestoreAnswer>;
  /**
   * All versions of an object, newest first, deletions included; at most some thousands. A bucket without versioning
   * has one, `null`.
   */
  listVersions(object: ObjectRef, signal: AbortSignal): Promise<readonly ObjectVersion[]>;
}
