import path from 'node:path';
import * as vscode from 'vscode';
import { fromErrorRecord } from '../../base/errors.ts';
import { formatBytes, formatCount, formatPercent } from '../../base/format.ts';
import type { BatchSnapshot } from '../../download/batchModel.ts';
import { runCommand } from '../commands.ts';
import { objectCount } from '../ui/localFormat.ts';
import type { Downloads } from './downloadList.ts';
import { openFile, revealFile } from '../ui/fileActions.ts';
import { hasTrait } from '../errors/errorTraits.ts';
import type { ErrorPresenter } from '../errors/showError.ts';
import { bytesTotalOf, canResume, hasFailed, isActive, pathOf, statusOf } from './row.ts';
import type { Row } from './row.ts';
import { offer } from '../ui/offer.ts';
import type { OfferedAction } from '../ui/offer.ts';
import { summarize } from './summary.ts';
import { failureSentence, fileName, rowName } from './texts.ts';
import { visibleName } from '../ui/displayText.ts';
import { batchOf, watchQuietly, watchWithProgress } from './followDownloads.ts';

/**
 * Notifications about the user's downloads: one with progress for those started by hand, one message at the end. A
 * download is followed only once at a time.
 */
export class Transfers {
  private readonly downloads: Downloads;
  private readonly errors: ErrorPresenter;
  private readonly followed = new Set<string>();
  private readonly own = new Set<string>();

  constructor(downloads: Downloads, errors: ErrorPresenter) {
    this.downloads = downloads;
    this.errors = errors;
  }

  /** Follows downloads that were just added, with a notification. Returns at once. */
  follow(ids: readonly string[]): void {
    this.watch(ids, true);
  }

  /** Whether this window started or resumed the download, and therefore shows its messages. */
  isOwn(id: string): boolean {
    return this.own.has(id);
  }

  /**
   * Resumes stopped downloads and follows them.
   * @param visibly with a progress notification, not only in the status bar
   */
  async resume(ids: readonly string[], visibly: boolean): Promise<void> {
    const service = await this.downloads.start();
    ids.forEach((id) => this.own.add(id));
    await Promise.all(
      ids.map((id) => {
        const row = this.downloads.find(id);
        return row !== undefined && mustRestart(row) ? service.restart(id) : this.downloads.act('resume', id);
      }),
    );
    this.watch(ids, visibly);
  }

  private watch(ids: readonly string[], visibly: boolean): void {
    ids.forEach((id) => this.own.add(id));
    const fresh = ids.filter((id) => !this.followed.has(id));
    if (fresh.length > 0) {
      this.watchFresh(fresh, visibly).catch((error: unknown) => this.errors.show(error));
    }
  }

  private async watchFresh(fresh: readonly string[], visibly: boolean): Promise<void> {
    fresh.forEach((id) => this.followed.add(id));
    const stopped = await this.untilEnd(fresh, visibly);
    fresh.forEach((id) => this.followed.delete(id));
    if (stopped) {
      await this.offerToGoOn(fresh);
    } else {
      this.conclude(fresh);
    }
  }

  /** @returns whether the user stopped the downloads in the notification, which pauses them */
  private async untilEnd(ids: readonly string[], visibly: boolean): Promise<boolean> {
    if (!visibly) {
      await watchQuietly(this.downloads, ids);
      return false;
    }
    if ((await watchWithProgress(this.downloads, ids, this.title(ids))) === 'settled') {
      await watchQuietly(this.downloads, ids);
      return false;
    }
    await Promise.all(
      batchOf(this.downloads, ids)
        .filter(isActive)
        .map(({ id }) => this.downloads.act('pause', id)),
    );
    return true;
  }

  private title(ids: readonly string[]): string {
    const [first] = batchOf(this.downloads, ids);
    return ids.length === 1 && first !== undefined
      ? vscode.l10n.t('Downloading {0}', rowName(first))
      : vscode.l10n.t('Downloading {0}', objectCount(ids.length, vscode.l10n));
  }

  private async offerToGoOn(ids: readonly string[]): Promise<void> {
    const stopped = batchOf(this.downloads, ids).filter(canResume);
    if (stopped.length === 0) {
      this.conclude(ids);
      return;
    }
    const done = stopped.reduce((sum, row) => sum + row.bytesDone, 0);
    const totals = stopped.map(bytesTotalOf).filter((total) => total !== undefined);
    const total = totals.length < stopped.length ? undefined : totals.reduce((sum, each) => sum + each, 0);
    const stoppedIds = stopped.map(({ id }) => id);
    const discard = async (): Promise<void> => {
      // The message may be old: downloads resumed meanwhile are excluded.
      const stillStopped = batchOf(this.downloads, stoppedIds).filter(canResume);
      await Promise.all(stillStopped.map(({ id }) => this.downloads.act('cancel', id)));
    };
    const message = vscode.l10n.t(
      'Stopped at {0}. What has arrived is kept.',
      total === undefined ? formatBytes(done) : formatPercent(done, total),
    );
    await offer('information', message, [
      [vscode.l10n.t('Resume'), () => this.resume(stoppedIds, true)],
      [vscode.l10n.t('Discard'), discard],
    ]);
  }

  /** Shows one message for the group, without the downloads that the user paused or cancelled. */
  private conclude(ids: readonly string[]): void {
    const batch = batchOf(this.downloads, ids);
    const failed = batch.filter(hasFailed);
    if (failed.length > 0) {
      this.reportFailure(failed, ids.length);
    } else if (batch.length > 0 && batch.every((row) => statusOf(row) === 'completed')) {
      void this.reportSuccess(batch);
    }
  }

  private async reportSuccess(batch: readonly Row[]): Promise<void> {
    const [first] = batch;
    if (first === undefined) {
      return;
    }
    const { bytesDone, completed } = summarize(batch);
    const size = formatBytes(bytesDone);
    const open: OfferedAction = [vscode.l10n.t('Open'), () => openFile(pathOf(first))];
    const reveal: OfferedAction = [vscode.l10n.t('Reveal'), () => revealFile(pathOf(first))];
    if (batch.length === 1 && first.kind === 'download') {
      await offer('information', vscode.l10n.t('Downloaded {0} ({1}).', fileName(first.path), size), [open, reveal]);
    } else {
      const { folder, skipped, archived } =
        first.kind === 'batch' ? first : { folder: path.dirname(first.path), skipped: 0, archived: 0 };
      const message = downloadedMany(completed, size, folder, skipped);
      await offer('information', withArchived(message, archived), [reveal]);
    }
  }

  /** Shows one summary; the Downloads view lists the failed objects with their reasons. */
  private async reportBatchFailure({ id, label, failed, found, archived }: BatchSnapshot): Promise<void> {
    const message = vscode.l10n.t(
      '{0} of {1} objects of {2} could not be downloaded.',
      formatCount(failed),
      formatCount(found),
      visibleName(label),
    );
    await offer('warning', withArchived(message, archived), [
      [vscode.l10n.t('Retry Failed'), () => this.resume([id], true)],
      [vscode.l10n.t('Export Report…'), () => runCommand('ossDownloader.exportReport', id)],
      [vscode.l10n.t('Show Downloads'), () => runCommand('ossDownloader.showDownloads')],
    ]);
  }

  private reportFailure(failed: readonly Row[], count: number): void {
    const batch = failed.find((row) => row.kind === 'batch');
    if (batch?.state.kind === 'finished') {
      this.reportBatchFailure(batch).catch((error: unknown) => this.errors.show(error));
      return;
    }
    for (const { state } of failed) {
      if (state.kind === 'failed') {
        this.errors.record(fromErrorRecord(state.error));
      }
    }
    const [first] = failed;
    if (first?.state.kind !== 'failed') {
      return;
    }
    const sentence = failureSentence(first, vscode.l10n);
    const message =
      count === 1 ? sentence : vscode.l10n.t('{0} of {1} downloads failed. {2}', failed.length, count, sentence);
    const retry = (): void =>
      void this.resume(
        failed.map(({ id }) => id),
        true,
      ).catch((error: unknown) => this.errors.show(error));
    this.errors.present(first.state.error.code, message, { retry });
  }
}

/** Whether the download must restart: the partial file belongs to a replaced object, or is unusable. */
function mustRestart({ kind, state }: Row): boolean {
  return kind === 'download' && state.kind === 'failed' && (!state.canResume || hasTrait(state.error.code, 'outdated'));
}

function downloadedMany(count: number, size: string, folder: string, skipped: number): string {
  const objects = objectCount(count, vscode.l10n);
  return skipped === 0
    ? vscode.l10n.t('Downloaded {0} ({1}) to {2}.', objects, size, folder)
    : vscode.l10n.t('Downloaded {0} ({1}) to {2}; {3} skipped.', objects, size, folder, formatCount(skipped));
}

/** Appends the number of archived objects that the user excluded. */
function withArchived(message: string, archived: number): string {
  return archived === 0
    ? message
    : vscode.l10n.t('{0} Archived objects left out: {1}.', message, formatCount(archived));
}
