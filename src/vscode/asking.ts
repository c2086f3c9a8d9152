import * as vscode from 'vscode';
import { signalOf } from './cancellation.ts';

/** Shows that OSS is being asked; Cancel ends it. */
export async function asking<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Asking OSS'), cancellable: true }, async (_progress, token) => {
    const cancel = signalOf(token);
    try {
      return await ask(cancel.signal);
    } finally {
      cancel.dispose();
    }
  });
}
