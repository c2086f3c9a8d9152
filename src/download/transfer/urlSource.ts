import type { Clock } from '../../base/clock.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import type { ErrorCode } from '../../base/errors.ts';
import type { ObjectRef } from '../../oss/model.ts';
import type { UrlRefusal, UrlSigner } from '../../oss/objectLister.ts';

/** So long before it expires a signed URL is no longer used for a new request. */
const marginMs = 20_000;
/** What a fresh URL can cure. */
const stale: readonly ErrorCode[] = [
  'auth/urlExpired',
  'auth/tokenExpired',
  'auth/unknownKey',
  'auth/clockSkewed',
  'endpoint/wrongEndpoint',
];

/** Where the requests of one download go. */
export interface UrlSource {
  /**
   * Runs one request with a URL that is good now. Where the server refuses the URL as expired and a fresh one can be
   * had, the failure is passed on as one that another attempt can cure.
   */
  use<T>(request: (url: string) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** From now on only this version of the object is asked for, where the source can name one. */
  pin(versionId: string): void;
}

/** A URL that only the user can replace. */
export function fixedUrl(url: string): UrlSource {
  return { use: (request) => request(url), pin: () => undefined };
}

/** An OSS object: its URL is signed again whenever that is needed. */
export class SignedUrls implements UrlSource {
  private readonly signer: UrlSigner;
  private object: ObjectRef;
  private readonly clock: Clock;
  private current: { readonly url: string; readonly expiresAtMs: number } | undefined;
  /** Why the last URL is no longer used. */
  private refusal: UrlRefusal | undefined;
  private asking: Promise<string> | undefined;

  constructor(signer: UrlSigner, object: ObjectRef, clock: Clock) {
    this.signer = signer;
    this.object = object;
    this.clock = clock;
  }

  async use<T>(request: (url: string) => Promise<T>, signal: AbortSignal): Promise<T> {
    const url = await this.fresh(signal);
    try {
      return await request(url);
    } catch (error) {
      const failure = toAppError(error);
      if (signal.aborted || !stale.includes(failure.code)) {
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
   * All connections need one at the same moment: the first asks. One that expires soon all the same is used as it
   * comes.
   */
  private async fresh(signal: AbortSignal): Promise<string> {
    if (this.current !== undefined && this.current.expiresAtMs - this.clock.wallMs() >= marginMs) {
      return this.current.url;
    }
    this.asking ??= this.ask(signal).finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async ask(signal: AbortSignal): Promise<string> {
    this.current = await this.signer.signGet(this.object, signal, this.refusal);
    this.refusal = undefined;
    return this.current.url;
  }
}

/**
 * Port: complete URLs whose query is a secret, by the id of their download. They are kept where secrets are, and looked
 * up when a session begins; nothing of them is ever written by the engine.
 */
export interface KeptUrls {
  /** @returns undefined when none is kept: then only the user can give one */
  load(id: string, signal: AbortSignal): Promise<string | undefined>;
}

/** For hosts that keep none. */
export const noKeptUrls: KeptUrls = { load: () => Promise.resolve(undefined) };
