import { canResumeBatch, isBatchDone } from '../../download/batchModel.ts';
import type { BatchSnapshot } from '../../download/batchModel.ts';
import * as states from '../../download/downloadState.ts';
import type { DownloadState } from '../../download/downloadState.ts';
import type { DownloadSnapshot } from '../../download/model.ts';

/** A row of the Downloads view: a download, or a batch with all of its downloads. */
export type Row = DownloadSnapshot | BatchSnapshot;

/** State of a row; a batch with failed downloads counts as failed. */
export type RowStatus = DownloadState['kind'];

export function statusOf(row: Row): RowStatus {
  if (row.kind === 'download') {
    return row.state.kind;
  }
  switch (row.state.kind) {
    case 'running':
      return row.isWaiting ? 'waiting' : 'running';
    case 'finished':
      return isBatchDone(row) ? 'completed' : 'failed';
    default:
      return row.state.kind;
  }
}

/** Queued, running, or waiting to continue automatically. */
export function isActive(row: Row): boolean {
  return row.kind === 'download' ? states.isActive(row.state) : row.state.kind === 'running';
}

/** Active, except for waits that may take days: for another URL, or for the restore of an archived object. */
export function isUnderWay(row: Row): boolean {
  return isActive(row) && (statusOf(row) !== 'waiting' || waitsForNetwork(row));
}

export function waitsForNetwork(row: Row): boolean {
  return row.kind === 'download'
    ? row.state.kind === 'waiting' && row.state.reason === 'network'
    : statusOf(row) === 'waiting';
}

/** Stopped and resumable. */
export function canResume(row: Row): boolean {
  return row.kind === 'download' ? states.canResume(row.state) : canResumeBatch(row);
}

export function hasFailed(row: Row): boolean {
  return statusOf(row) === 'failed';
}

/** Stopped, and can be resumed or restarted. */
export function canGoOn(row: Row): boolean {
  return canResume(row) || hasFailed(row);
}

/** Finished for good: no command can continue it. */
export function isFinal(row: Row): boolean {
  return row.kind === 'download' ? states.isFinal(row.state) : isBatchDone(row);
}

/** The file of a download, the folder of a batch. */
export function pathOf(row: Row): string {
  return row.kind === 'download' ? row.path : row.folder;
}

/** Undefined while a size is unknown or a batch is listing. */
export function bytesTotalOf(row: Row): number | undefined {
  if (row.kind === 'download') {
    return row.bytesTotal;
  }
  return row.isListed ? Math.max(row.foundBytes, row.bytesDone) : undefined;
}

/** Whether a download is from a pasted URL, which only the user can replace. */
export function isFromUrl({ label }: Pick<DownloadSnapshot, 'label'>): boolean {
  return /^https?:/i.test(label);
}
