import type { Disposable } from './disposable.ts';

/** Subscribes a listener until the returned disposable is disposed. The shape of `vscode.Event`. */
export type Event<T> = (listener: (value: T) => void) => Disposable;

/** The private half of an event: owners keep the emitter and publish only `event`. */
export class Emitter<T> implements Disposable {
  private readonly listeners = new Set<{ readonly call: (value: T) => void }>();

  readonly event: Event<T> = (listener) => {
    const entry = { call: listener };
    this.listeners.add(entry);
    return { dispose: () => this.listeners.delete(entry) };
  };

  fire(value: T): void {
    for (const listener of [...this.listeners]) {
      listener.call(value);
    }
  }

  dispose(): void {
    this.listeners.clear();
  }
}
