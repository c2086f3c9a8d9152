import type { BatchSnapshot } from '../../../../src/download/batchModel.ts';
import type { DownloadState } from '../../../../src/download/downloadState.ts';
import type { DownloadSnapshot } from '../../../../src/download/model.ts';

/** A download in the state given, half of 1000 bytes done unless said otherwise. */
export function download(state: DownloadState, other: Partial<DownloadSnapshot> = {}): DownloadSnapshot {
  return {
    kind: 'download',
    id: 'one',
    label: 'oss://bucket/folder/report.csv',
    path: '/home/me/report.csv',
    state,
    bytesDone: 500,
    bytesTotal: 1000,
    bytesPerSecond: 0,
    ...other,
  };
}

/** The same with its size not known yet. */
export function sizeless(state: DownloadState): DownloadSnapshot {
  return {
    kind: 'download',
    id: 'one',
    label: 'oss://bucket/a',
    path: '/home/me/a',
    state,
    bytesDone: 500,
    bytesPerSecond: 0,
  };
}

/** A running batch, 4 of its 10 files done unless said otherwise. */
export function batch(more: Partial<BatchSnapshot> = {}): BatchSnapshot {
  return {
    kind: 'batch',
    id: 'batch',
    label: 'oss://b-1/a/photos/',
    folder: '/home/me/out',
    state: { kind: 'running' },
    isWaiting: false,
    isListed: true,
    found: 10,
    foundBytes: 1000,
    done: 4,
    bytesDone: 500,
    failed: 0,
    skipped: 0,
    archived: 0,
    bytesPerSecond: 100,
    ...more,
  };
}
export const running: DownloadState = { kind: 'running', phase: 'transferring' };
