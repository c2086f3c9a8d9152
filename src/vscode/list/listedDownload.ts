import type { BatchSnapshot } from '../../download/batchModel.ts';
import type { DownloadState } from '../../download/downloadState.ts';
import type { DownloadSnapshot } from '../../download/model.ts';

/** A download as views and messages see it; a batch is one of them, with its numbers in `whole`. */
export interface ListedDownload extends DownloadSnapshot {
  readonly whole?: BatchSnapshot;
}

export function batchRow(batch: BatchSnapshot): ListedDownload {
  const { id, label, folder, isListed, foundBytes, bytesDone, bytesPerSecond } = batch;
  return {
    id,
    label,
    path: folder,
    state: stateOf(batch),
    bytesDone,
    bytesPerSecond,
    ...(isListed ? { bytesTotal: Math.max(foundBytes, bytesDone) } : {}),
    ...(isListed && bytesPerSecond > 0
      ? { remainingMs: (Math.max(0, foundBytes - bytesDone) * 1000) / bytesPerSecond }
      : {}),
    whole: batch,
  };
}

function stateOf({ state, isWaiting, failed }: BatchSnapshot): DownloadState {
  switch (state.kind) {
    case 'running':
      return isWaiting ? { kind: 'waiting', reason: 'network' } : { kind: 'running', phase: 'transferring' };
    case 'paused':
    case 'interrupted':
      return { kind: state.kind };
    case 'failed':
      return { kind: 'failed', error: state.error, canResume: true };
    case 'finished':
      return failed === 0
        ? { kind: 'completed', verified: 'crc64' }
        : {
            kind: 'failed',
            error: {
              code: 'internal',
              message: `downloads of the batch that failed: ${failed}`,
              retryable: false,
              details: {},
            },
            canResume: true,
          };
  }
}

/** Whether a download is from a pasted URL, which only the user can replace. */
export function isFromUrl({ label }: Pick<DownloadSnapshot, 'label'>): boolean {
  return /^https?:/i.test(label);
}
