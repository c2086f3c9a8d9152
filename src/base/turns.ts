/** Runs calls one after the other, so that none finds half done what another began. One that fails keeps nobody waiting. */
export class Turns {
  private last: Promise<void> = Promise.resolve();

  /** @returns what the call returns, once those before it have ended; throws what it throws */
  async run<T>(call: () => Promise<T>): Promise<T> {
    const result = this.last.then(call);
    this.last = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  /** Resolves when all calls that were made so far have ended, however they ended. */
  async settled(): Promise<void> {
    await this.last;
  }
}
