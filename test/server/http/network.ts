/** The network between the clients and the server, which can be lost: nothing moves then, and nothing is closed. */
export class Network {
  #lost: Promise<void> | undefined;
  #comeBack: () => void = () => undefined;

  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  /** From now on no byte is sent; connections are accepted and stay silent. */
  lose(): void {
    this.#lost ??= new Promise((resolve) => {
      this.#comeBack = resolve;
    });
  }

  restore(): void {
    this.#lost = undefined;
    this.#comeBack();
  }

  /** @throws signal.reason when aborted first */
  async until(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (this.#lost !== undefined) {
      await Promise.race([this.#lost, aborted(signal)]);
      signal.throwIfAborted();
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
