import * as vscode from 'vscode';
import { DisposableList } from '../../base/disposable.ts';
import { wholePercent } from '../../base/format.ts';
import { isActive, isUnderWay } from './row.ts';
import type { Row } from './row.ts';
import { withCancellableProgress } from '../ui/progress.ts';
import { Coalescer } from '../ui/coalesce.ts';
import type { Downloads, DownloadsChange } from './downloadList.ts';
import { summarize } from './summary.ts';
import { progressText } from './texts.ts';
import { ProgressSteps } from '../ui/progressSteps.ts';

/** Four times a second: VS Code does not draw faster progress. */
const reportIntervalMs = 250;

/**
 * How following a batch ended: nothing of it runs any more, or waits for what may take days, or the user pressed Cancel
 * in its notification.
 */
export type WatchEnd = 'settled' | 'stopped';

/** The downloads of a batch that are still in the list. */
export function batchOf(downloads: Downloads, ids: readonly string[]): readonly Row[] {
  return ids.flatMap((id) => downloads.find(id) ?? []);
}

/** Follows a batch until nothing of it is queued, running or waiting. */
export async function watchQuietly(downloads: Downloads, ids: readonly string[]): Promise<void> {
  await follow(downloads, ids, isActive, () => undefined, new AbortController().signal);
}

/**
 * Follows a batch with one progress notification: percent, rate and time left, until nothing of it moves or is about
 * to. Its Cancel ends the following; what becomes of the downloads is the caller's to decide.
 */
export async function watchWithProgress(
  downloads: Downloads,
  ids: readonly string[],
  title: string,
): Promise<WatchEnd> {
  return withCancellableProgress(title, (signal, progress) => {
    const steps = new ProgressSteps();
    const report = (batch: readonly Row[]): void => {
      const summary = summarize(batch);
      const percent =
        summary.sizesKnown && summary.bytesTotal > 0 ? wholePercent(summary.bytesDone, summary.bytesTotal) : 0;
      progress.report({ message: progressText(summary, vscode.l10n), increment: steps.next(percent) });
    };
    return follow(downloads, ids, isUnderWay, report, signal);
  });
}

function follow(
  downloads: Downloads,
  ids: readonly string[],
  isLive: (row: Row) => boolean,
  report: (batch: readonly Row[]) => void,
  signal: AbortSignal,
): Promise<WatchEnd> {
  const watched = new Set(ids);
  const ending = new DisposableList();
  return new Promise<WatchEnd>((resolve) => {
    const coalescer = ending.add(
      new Coalescer<DownloadsChange>(reportIntervalMs, () => report(batchOf(downloads, ids))),
    );
    // Each change looks at one download only: a batch may have thousands.
    const active = new Set(ids);
    const look = (changed: readonly string[]): void => {
      for (const id of changed) {
        const download = downloads.find(id);
        if (download !== undefined && isLive(download)) {
          active.add(id);
        } else {
          active.delete(id);
        }
      }
      coalescer.add(undefined);
      if (active.size === 0) {
        resolve('settled');
      }
    };
    ending.add(
      downloads.onDidChange((id) => {
        if (id === undefined || watched.has(id)) {
          look(id === undefined ? ids : [id]);
        }
      }),
    );
    signal.addEventListener('abort', () => resolve('stopped'), { once: true });
    look(ids);
  }).finally(() => ending.dispose());
}
