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

/** Progress is reported at most this often: VS Code renders it no faster than four times a second. */
const reportIntervalMs = 250;

/**
 * `settled`: every download of the group has ended, or waits for something that may take days. `stopped`: the user
 * pressed Cancel in the notification.
 */
export type WatchEnd = 'settled' | 'stopped';

/** The rows with these ids that are still in the list. */
export function batchOf(downloads: Downloads, ids: readonly string[]): readonly Row[] {
  return ids.flatMap((id) => downloads.find(id) ?? []);
}

/** Waits until none of the rows is queued, running or waiting. */
export async function watchQuietly(downloads: Downloads, ids: readonly string[]): Promise<void> {
  await follow(downloads, ids, isActive, () => undefined, new AbortController().signal);
}

/**
 * The same with one progress notification: percentage, rate and remaining time. Its Cancel button only ends the wait;
 * the caller decides about the downloads.
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
    // Each event updates one row only: there may be thousands.
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
