import { fromErrorRecord } from '../../base/errors.ts';
import { OpenQuestions } from './openQuestions.ts';
import type { Answer, Question, QuestionAnswers } from './protocol.ts';

type Ask = (questionId: number, question: Question) => void;

/**
 * What only the extension host can do, for it has the credentials and the user: no credential ever comes into the
 * worker.
 */
export class HostQuestions {
  private readonly send: Ask;
  private readonly withdraw: (questionId: number) => void;
  private readonly open = new OpenQuestions<Answer>();

  /** @param withdraw told of a question that nobody waits for any more */
  constructor(send: Ask, withdraw: (questionId: number) => void) {
    this.send = send;
    this.withdraw = withdraw;
  }

  /** @throws what the host failed with, `signal.reason` when aborted */
  async ask<Q extends Question>(question: Q, signal: AbortSignal): Promise<QuestionAnswers[Q['type']]> {
    let asked: number | undefined;
    const answer = await this.open
      .ask((questionId) => {
        asked = questionId;
        this.send(questionId, question);
      }, signal)
      .catch((error: unknown) => {
        if (asked !== undefined) {
          this.withdraw(asked);
        }
        throw error;
      });
    if (!answer.ok) {
      throw fromErrorRecord(answer.error);
    }
    // The host answers each question with its own kind: see HostAnswers
    return answer.value as QuestionAnswers[Q['type']];
  }

  /** An answer to a question that nobody waits for any more is dropped. */
  answered(questionId: number, answer: Answer): void {
    this.open.answered(questionId, answer);
  }
}
