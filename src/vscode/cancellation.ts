import type * as vscode from 'vscode';

/** An `AbortSignal` that follows a `CancellationToken`; `dispose` ends the following. */
export interface TokenSignal {
  readonly signal: AbortSignal;
  dispose(): void;
}

export function signalOf(token: vscode.CancellationToken): TokenSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) {
    controller.abort();
  }
  const subscription = token.onCancellationRequested(() => controller.abort());
  return { signal: controller.signal, dispose: () => void subscription.dispose() };
}
