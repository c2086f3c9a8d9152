import type { DownloadState } from '../../../../src/download/downloadState.ts';
import type { DownloadSnapshot } from '../../../../src/download/model.ts';

/** A download in the state given, half of 1000 bytes done unless said otherwise. */
export function download(state: DownloadState, other: Partial<DownloadSnapshot> = {}): DownloadSnapshot {
  return {
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
  return { id: 'one', label: 'oss://bucket/a', path: '/home/me/a', state, bytesDone: 500, bytesPerSecond: 0 };
}

export const running: DownloadState = { kind: 'running', phase: 'transferring' };
