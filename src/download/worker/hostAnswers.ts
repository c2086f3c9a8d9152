import { toErrorRecord } from '../../base/errors.ts';
import type { UrlSigner } from '../../oss/objectLister.ts';
import type { BatchHost } from '../batch/batchTools.ts';
import type { Answer, Question, QuestionAnswers } from './protocol.ts';

/** What the extension host does for the worker: it has the credentials and the user. */
export type WorkerHost = UrlSigner & BatchHost;

/** Answers the worker's questions. */
export class HostAnswers {
  private readonly host: WorkerHost;
  private readonly send: (questionId: number, answer: Answer) => void;
  private readonly open = new Map<number, AbortController>();

  constructor(host: WorkerHost, send: (questionId: number, answer: Answer) => void) {
    this.host = host;
    this.send = send;
  }

  async answer(questionId: number, question: Question): Promise<void> {
    const controller = new AbortController();
    this.open.set(questionId, controller);
    try {
      this.send(questionId, { ok: true, value: await this.find(question, controller.signal) });
    } catch (error) {
      this.send(questionId, { ok: false, error: toErrorRecord(error) });
    } finally {
      this.open.delete(questionId);
    }
  }

  /** Nobody waits for the answer any more. */
  withdrawn(questionId: number): void {
    this.open.get(questionId)?.abort();
  }

  /** Ends all that is under way. */
  end(): void {
    this.open.forEach((controller) => controller.abort());
  }

  private async find(question: Question, signal: AbortSignal): Promise<QuestionAnswers[Question['type']]> {
    switch (question.type) {
      case 'sign':
        return this.host.signGet(question.object, signal, question.refusal);
      case 'list':
        return this.host.listObjects(question.bucket, question.prefix, question.from, signal);
      case 'conflict':
        return this.host.askConflict(question.path, signal);
    }
  }
}
