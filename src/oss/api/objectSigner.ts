import { AppError } from '../../base/errors.ts';
import type { ErrorCode } from '../../base/errors.ts';
import { signUrl } from './objectActionsAdapter.ts';
import { isSameKey } from '../profile.ts';
import type { ObjectRef } from '../model.ts';
import type { SignedUrl, UrlRefusal, UrlSigner } from '../objectLister.ts';
import type { OssCalls } from './ossCalls.ts';
import type { Credentials } from '../profile.ts';

/** Lifetime of a URL for downloading, unless the credentials expire before. */
const lifetimeMs = 3_600_000;
/** Refusals that would repeat for an identical URL. */
const permanent: readonly ErrorCode[] = ['auth/unknownKey', 'endpoint/wrongEndpoint'];
/** Objects whose last key is remembered; the oldest is dropped. More than are ever downloaded at the same time. */
const maxRemembered = 10_000;

/** Signs URLs of objects; after a refusal with a corrected key, clock or region. */
export class ObjectSigner implements UrlSigner {
  private readonly calls: OssCalls;
  /** Key of an object's last URL: a refusal is about this one, not about a newer one. */
  private readonly lastKeys = new Map<string, Credentials>();

  constructor(calls: OssCalls) {
    this.calls = calls;
  }

  async signGet(object: ObjectRef, signal: AbortSignal, refusal?: UrlRefusal): Promise<SignedUrl> {
    signal.throwIfAborted();
    if (refusal !== undefined) {
      await this.learn(object, refusal, signal);
    }
    const target = await this.calls.target(object.profile, object, signal);
    const signed = signUrl(target, object, lifetimeMs);
    if (target.credentials !== undefined) {
      this.remember(object, target.credentials);
    }
    return signed;
  }

  /** Applies what a refusal teaches. @throws AppError the refusal, if it is permanent */
  private async learn(object: ObjectRef, refusal: UrlRefusal, signal: AbortSignal): Promise<void> {
    const target = await this.calls.target(object.profile, object, signal);
    const used = this.lastKeys.get(idOf(object));
    if (used !== undefined && target.credentials !== undefined && !isSameKey(used, target.credentials)) {
      return;
    }
    const isCured = await this.calls.learn(refusal, { profile: object.profile, bucket: object }, target, signal);
    if (!isCured && permanent.includes(refusal.code)) {
      throw new AppError(refusal.code, refusal.message, { details: refusal.details });
    }
  }

  private remember(object: ObjectRef, credentials: Credentials): void {
    const id = idOf(object);
    this.lastKeys.delete(id);
    this.lastKeys.set(id, credentials);
    const [oldest] = this.lastKeys.keys();
    if (this.lastKeys.size > maxRemembered && oldest !== undefined) {
      this.lastKeys.delete(oldest);
    }
  }
}

function idOf({ profile, bucket, key, versionId }: ObjectRef): string {
  return JSON.stringify([profile, bucket, key, versionId]);
}
