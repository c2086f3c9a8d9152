import type { AppError } from '../base/errors.ts';
import type { Bucket, BucketRef, ListedObject, ObjectMeta, ObjectRef } from './model.ts';

/** One page of a listing; `next` is absent on the last one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** Folders and objects directly below a prefix. */
export type ListedEntry =
  { readonly kind: 'prefix'; readonly prefix: string } | { readonly kind: 'object'; readonly object: ListedObject };

/** Where a listing goes on: with the token of the page before, or, when that is long ago, behind a key. */
export type ListPosition =
  { readonly kind: 'token'; readonly token: string } | { readonly kind: 'afterKey'; readonly key: string };

/**
 * Port: what the views may ask of OSS. Every method throws `AppError` with OSS code, EC and RequestId,
 * or `signal.reason` when aborted.
 */
export interface ObjectLister {
  /** @param after token of the page before, absent for the first page */
  listBuckets(profile: string, after: string | undefined, signal: AbortSignal): Promise<Page<Bucket>>;
  /** One page of what lies directly below `prefix` (delimiter `/`), in the server's order (by UTF-8 bytes). */
  listEntries(
    bucket: BucketRef,
    prefix: string,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<Page<ListedEntry>>;
  /** One page of everything below `prefix`, however deep, in the server's order; up to 1000 objects. */
  listObjects(
    bucket: BucketRef,
    prefix: string,
    from: ListPosition | undefined,
    signal: AbortSignal,
  ): Promise<Page<ListedObject>>;
  head(object: ObjectRef, signal: AbortSignal): Promise<ObjectMeta>;
}

/** Port: a fresh URL that allows one GET of an object, with any Range and If-Match. */
export interface UrlSigner {
  /**
   * @param refusal how the last URL was refused, so that the next one is made better; absent where nothing was refused
   */
  signGet(object: ObjectRef, signal: AbortSignal, refusal?: UrlRefusal): Promise<SignedUrl>;
}

/** As plain data: it crosses the worker boundary. */
export type UrlRefusal = Pick<AppError, 'code' | 'message' | 'details'>;

export interface SignedUrl {
  /** Secret: its query is a credential. Not to be parsed with WHATWG `URL`, which rewrites awkward keys. */
  readonly url: string;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}
