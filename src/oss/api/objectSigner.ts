import { AppError } from '../../base/errors.ts';
import type { ErrorCode } from '../../base/errors.ts';
import { signUrl } from './objectActionsAdapter.ts';
import { isSameKey } from '../profile.ts';
import type { ObjectRef } from '../model.ts';
import type { SignedUrl, UrlRefusal, UrlSigner } from '../objectLister.ts';
import type { OssCalls } from './ossCalls.ts';
import type { Credentials } from '../profile.ts';

/** How long a URL that a download reads from is good for, unless the credentials end before. */
const lifetimeMs = 3_600_000;
/** What the same URL would only be refused with again. */
const hopeless: readonly ErrorCode[] = ['auth/unknownKey', 'endpoint/wrongEndpoint'];
/** Objects whose last key is remembered: more than are ever downloaded at a time. */
const maxRemembered = 10_000;

/** Signs URLs of objects, the next one better where the last was refused. */
export class ObjectSigner implements UrlSigner {
  private readonly calls: OssCalls;
  /** The key that signed an object's last URL: it is that one which was refused, not one that came since. */
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

  /** @throws AppError what the URL was refused with, where nothing can be done about it */
  private async learn(object: ObjectRef, refusal: UrlRefusal, signal: AbortSignal): Promise<void> {
    const target = await this.calls.target(object.profile, object, signal);
    const used = this.lastKeys.get(idOf(object));
    if (used !== undefined && target.credentials !== undefined && !isSameKey(used, target.credentials)) {
      return;
    }
    const isCured = await this.calls.learn(refusal, { profile: object.profile, bucket: object }, target, signal);
    if (!isCured && hopeless.includes(refusal.code)) {
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
