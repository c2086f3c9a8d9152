import { SingleFlight } from '../../base/async.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import type { ErrorCode } from '../../base/errors.ts';
import type { ObjectRef } from '../../oss/model.ts';
import type { UrlRefusal, UrlSigner } from '../../oss/objectLister.ts';

/** A signed URL that expires sooner is not used for a new request. */
const marginMs = 20_000;
/** Errors that a new URL can cure. */
const curable: readonly ErrorCode[] = [
  'auth/urlExpired',
  'auth/tokenExpired',
  'auth/unknownKey',
  'auth/clockSkewed',
  'endpoint/wrongEndpoint',
];

/** Supplies the URL for the requests of one download. */
export interface UrlProvider {
  /**
   * Runs a request with a valid URL. If the server refuses the URL and a new one can be signed, the error is rethrown
   * as retryable.
   */
  use<T>(request: (url: string) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Restricts further requests to a version of the object; ignored for a plain URL. */
  pin(versionId: string): void;
}

/** Creates a provider of a URL that only the user can replace. */
export function fixedUrl(url: string): UrlProvider {
  return { use: (request) => request(url), pin: () => undefined };
}

/** Provides signed URLs of an OSS object; signs again when necessary. */
export class SignedUrls implements UrlProvider {
  private readonly signer: UrlSigner;
  private object: ObjectRef;
  private readonly clock: Clock;
  private current: { readonly url: string; readonly expiresAtMs: number } | undefined;
  /** Why the server refused the last URL. */
  private refusal: UrlRefusal | undefined;
  private readonly requests = new SingleFlight<string>();

  constructor(signer: UrlSigner, object: ObjectRef, clock: Clock) {
    this.signer = signer;
    this.object = object;
    this.clock = clock;
  }

  async use<T>(request: (url: string) => Promise<T>, signal: AbortSignal): Promise<T> {
    const url = await this.validUrl(signal);
    try {
      return await request(url);
    } catch (error) {
      const failure = toAppError(error);
      if (signal.aborted || !curable.includes(failure.code)) {
        throw error;
      }
      if (this.current?.url === url) {
        this.current = undefined;
        this.refusal = { code: failure.code, message: failure.message, details: failure.details };
      }
      throw new AppError(failure.code, failure.message, { retryable: true, details: failure.details, cause: error });
    }
  }

  pin(versionId: string): void {
    if (this.object.versionId !== versionId) {
      this.object = { ...this.object, versionId };
      this.current = undefined;
    }
  }

  /**
   * Returns the current URL or signs a new one; concurrent callers share one request. A new URL is used even if it
   * expires soon.
   */
  private async validUrl(signal: AbortSignal): Promise<string> {
    if (this.current !== undefined && this.current.expiresAtMs - this.clock.wallMs() >= marginMs) {
      return this.current.url;
    }
    return this.requests.run(() => this.sign(signal));
  }

  private async sign(signal: AbortSignal): Promise<string> {
    this.current = await this.signer.signGet(this.object, signal, this.refusal);
    this.refusal = undefined;
    return this.current.url;
  }
}

/**
 * Port: reads complete URLs with a secret query, by the id of their download, from secret storage when a session
 * starts. The engine never writes them to disk.
 */
export interface KeptUrls {
  /** @returns undefined if none is stored: only the user can supply one */
  load(id: string, signal: AbortSignal): Promise<string | undefined>;
}

/** For hosts that keep none. */
export const noKeptUrls: KeptUrls = { load: () => Promise.resolve(undefined) };
