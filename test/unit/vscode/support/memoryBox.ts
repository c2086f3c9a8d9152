import type { SecretBox } from '../../../../src/vscode/profiles/secrets.ts';

/** A box of secrets that can be broken. */
export class MemoryBox implements SecretBox {
  readonly kept = new Map<string, string>();
  isBroken = false;

  get(key: string): Promise<string | undefined> {
    return this.unlessBroken(() => this.kept.get(key));
  }

  store(key: string, value: string): Promise<void> {
    return this.unlessBroken(() => void this.kept.set(key, value));
  }

  delete(key: string): Promise<void> {
    return this.unlessBroken(() => void this.kept.delete(key));
  }

  private unlessBroken<T>(act: () => T): Promise<T> {
    return this.isBroken ? Promise.reject(new Error('no keyring')) : Promise.resolve(act());
  }
}
