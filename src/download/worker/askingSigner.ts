import { fromErrorRecord } from '../../base/errors.ts';
import type { ObjectRef } from '../../oss/model.ts';
import type { SignedUrl, UrlRefusal, UrlSigner } from '../../oss/objectLister.ts';
import { OpenQuestions } from './openQuestions.ts';
import type { SignAnswer } from './protocol.ts';

type Ask = (questionId: number, object: ObjectRef, refusal: UrlRefusal | undefined) => void;

/** Signs by asking the extension host: no credential ever comes into the worker. */
export class AskingSigner implements UrlSigner {
  private readonly ask: Ask;
  private readonly questions = new OpenQuestions<SignAnswer>();

  constructor(ask: Ask) {
    this.ask = ask;
  }

  async signGet(object: ObjectRef, signal: AbortSignal, refusal?: UrlRefusal): Promise<SignedUrl> {
    const answer = await this.questions.ask((questionId) => this.ask(questionId, object, refusal), signal);
    if (!answer.ok) {
      throw fromErrorRecord(answer.error);
    }
    return { url: answer.url, expiresAtMs: answer.expiresAtMs };
  }

  answered(questionId: number, answer: SignAnswer): void {
    this.questions.answered(questionId, answer);
  }
}
