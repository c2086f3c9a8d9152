import * as vscode from 'vscode';
import type { ContextKey } from '../ids.ts';

/** Sets context keys, each only when its value changes. */
export class ContextKeys {
  private readonly values = new Map<ContextKey, boolean>();

  set(key: ContextKey, value: boolean): void {
    if (this.values.get(key) !== value) {
      this.values.set(key, value);
      void vscode.commands.executeCommand('setContext', key, value);
    }
  }
}
