import * as vscode from 'vscode';

/** Operations shorter than this show no notification. */
const quickMs = 1000;

export type ShownProgress = vscode.Progress<{ readonly message?: string; readonly increment?: number }>;

/** Runs `run` with a notification whose Cancel button aborts the signal. @throws as `run` does */
export async function withCancellableProgress<T>(
  title: string,
  run: (signal: AbortSignal, progress: ShownProgress) => Promise<T>,
): Promise<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const controller = new AbortController();
      const subscription = token.onCancellationRequested(() => controller.abort());
      try {
        return await run(controller.signal, progress);
      } finally {
        subscription.dispose();
      }
    },
  );
}

/** The same, but shows the notification only after `delayMs`. @throws as `run` does */
export async function withDelayedProgress<T>(
  run: (signal: AbortSignal) => Promise<T>,
  title = vscode.l10n.t('Asking OSS'),
  delayMs = quickMs,
): Promise<T> {
  const controller = new AbortController();
  const result = run(controller.signal);
  if (await endsWithin(result, delayMs)) {
    return result;
  }
  return withCancellableProgress(title, (signal) => {
    signal.addEventListener('abort', () => controller.abort(), { once: true });
    return result;
  });
}

async function endsWithin(result: Promise<unknown>, delayMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), delayMs);
  });
  try {
    return await Promise.race([result.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
