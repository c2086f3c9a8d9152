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

/** Start of a page: the token of the page before, or, where that may have expired, the last key before it. */
export type ListPosition =
  { readonly kind: 'token'; readonly token: string } | { readonly kind: 'afterKey'; readonly key: string };

/**
 * Port: lists buckets and objects. Every method throws `AppError` with OSS code, EC and RequestId, or `signal.reason`
 * when aborted.
 */
export interface ObjectLister {
  /** @param after token of the page before, absent for the first page */
  listBuckets(profile: string, after: string | undefined, signal: AbortSignal): Promise<Page<Bucket>>;
  /** Lists a page of the entries directly below `prefix` (delimiter `/`), in the server's order (by UTF-8 bytes). */
  listEntries(
    bucket: BucketRef,
    prefix: string,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<Page<ListedEntry>>;
  /** Lists a page of the objects below `prefix` at any depth, in the server's order; up to 1000. */
  listObjects(
    bucket: BucketRef,
    prefix: string,
    from: ListPosition | undefined,
    signal: AbortSignal,
  ): Promise<Page<ListedObject>>;
  head(object: ObjectRef, signal: AbortSignal): Promise<ObjectMeta>;
}

/** Port: signs URLs for GET requests of an object, with any Range and If-Match. */
export interface UrlSigner {
  /**
   * @param refusal why the last URL was refused, to correct key, clock or region of the next one; absent: it was not
   */
  signGet(object: ObjectRef, signal: AbortSignal, refusal?: UrlRefusal): Promise<SignedUrl>;
}

/** Why a server refused a URL. Plain data: it crosses the worker boundary. */
export type UrlRefusal = Pick<AppError, 'code' | 'message' | 'details'>;

export interface SignedUrl {
  /** Secret: its query is a credential. Never parse it with WHATWG `URL`, which rewrites some keys. */
  readonly url: string;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}
