import { reasonOf } from '../../base/abort.ts';

/** What the worker has asked the extension host and has no answer to yet. */
export class OpenQuestions<Answer> {
  private readonly open = new Map<number, (answer: Answer) => void>();
  private lastId = 0;

  /** @param send puts the question. @throws `signal.reason` when aborted; an answer that comes after that is dropped */
  async ask(send: (questionId: number) => void, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    this.lastId += 1;
    const questionId = this.lastId;
    return new Promise<Answer>((resolve, reject) => {
      const onAbort = (): void => {
        this.open.delete(questionId);
        reject(reasonOf(signal));
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.open.set(questionId, (given) => {
        signal.removeEventListener('abort', onAbort);
        resolve(given);
      });
      send(questionId);
    });
  }

  /** An answer to a question that nobody waits for any more is dropped. */
  answered(questionId: number, answer: Answer): void {
    this.open.get(questionId)?.(answer);
    this.open.delete(questionId);
  }
}
