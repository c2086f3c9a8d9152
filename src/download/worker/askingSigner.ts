import { reasonOf } from '../../base/abort.ts';
import { fromErrorRecord } from '../../base/errors.ts';
import type { ObjectRef } from '../../oss/model.ts';
import type { SignedUrl, UrlSigner } from '../../oss/objectLister.ts';
import type { SignAnswer } from './protocol.ts';

type Ask = (questionId: number, object: ObjectRef, serverTimeMs: number | undefined) => void;

/** Signs by asking the extension host: no credential ever comes into the worker. */
export class AskingSigner implements UrlSigner {
  private readonly ask: Ask;
  private readonly open = new Map<number, (answer: SignAnswer) => void>();
  private lastId = 0;

  constructor(ask: Ask) {
    this.ask = ask;
  }

  async signGet(object: ObjectRef, signal: AbortSignal, serverTimeMs?: number): Promise<SignedUrl> {
    signal.throwIfAborted();
    this.lastId += 1;
    const questionId = this.lastId;
    const answer = await new Promise<SignAnswer>((resolve, reject) => {
      const onAbort = (): void => {
        this.open.delete(questionId);
        reject(reasonOf(signal));
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.open.set(questionId, (given) => {
        signal.removeEventListener('abort', onAbort);
        resolve(given);
      });
      this.ask(questionId, object, serverTimeMs);
    });
    if (!answer.ok) {
      throw fromErrorRecord(answer.error);
    }
    return { url: answer.url, expiresAtMs: answer.expiresAtMs };
  }

  /** An answer to a question that nobody waits for any more is dropped. */
  answered(questionId: number, answer: SignAnswer): void {
    this.open.get(questionId)?.(answer);
    this.open.delete(questionId);
  }
}
