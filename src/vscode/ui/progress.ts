import * as vscode from 'vscode';

/** An answer that comes sooner needs no notification. */
const quickMs = 1000;

/** Asks OSS something. Where that takes long a notification says so, whose Cancel ends it. */
export async function asking<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  title = vscode.l10n.t('Asking OSS'),
): Promise<T> {
  const controller = new AbortController();
  const answer = ask(controller.signal);
  let timer: NodeJS.Timeout | undefined;
  const slow = new Promise<{ readonly isSlow: true }>((resolve) => {
    timer = setTimeout(() => resolve({ isSlow: true }), quickMs);
  });
  const first = await Promise.race([answer.then((value) => ({ isSlow: false as const, value })), slow]).finally(() =>
    clearTimeout(timer),
  );
  if (!first.isSlow) {
    return first.value;
  }
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (_progress, token) => {
      const cancel = signalOf(token);
      cancel.signal.addEventListener('abort', () => controller.abort(), { once: true });
      try {
        return await answer;
      } finally {
        cancel.dispose();
      }
    },
  );
}

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
