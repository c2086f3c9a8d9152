import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import type { ObjectLister } from '../../oss/objectLister.ts';
import type { DownloadManager } from '../queue/downloadManager.ts';
import type { LeaseFolder } from '../windows/lease.ts';
import type { TransferLimits } from '../model.ts';
import type { OtherWindows } from '../windows/otherWindows.ts';
import type { ConflictAnswer } from '../batchModel.ts';
import type { BatchStore } from './batchStore.ts';

/** What a batch needs of the engine. */
export type BatchEngine = Pick<
  DownloadManager,
  'add' | 'pause' | 'resume' | 'restart' | 'cancel' | 'remove' | 'poll' | 'downloads' | 'onDidChange' | 'onDidRemove'
>;

/** What only the extension host can do for a batch. */
export interface BatchHost extends Pick<ObjectLister, 'listObjects'> {
  /** Asks the user about a file that is already there. @throws `signal.reason` when aborted */
  askConflict(path: string, signal: AbortSignal): Promise<ConflictAnswer>;
}

/** What all batches of one engine share. */
export interface BatchDeps {
  readonly engine: BatchEngine;
  readonly host: BatchHost;
  readonly store: BatchStore;
  readonly leases: LeaseFolder;
  readonly windows: Pick<OtherWindows, 'ask' | 'takeRequests'>;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly limits: () => TransferLimits;
  readonly logger: Logger;
}
