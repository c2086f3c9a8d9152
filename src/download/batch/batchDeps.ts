import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import type { ObjectLister } from '../../oss/objectLister.ts';
import type { DownloadManager } from '../queue/downloadManager.ts';
import type { LeaseFolder } from '../windows/lease.ts';
import type { TransferLimits } from '../model.ts';
import type { OtherWindows } from '../windows/otherWindows.ts';
import type { ConflictAnswer } from '../batchModel.ts';
import type { BatchStore } from './batchStore.ts';

/** Engine calls that a batch uses. */
export type BatchEngine = Pick<
  DownloadManager,
  'add' | 'pause' | 'resume' | 'restart' | 'cancel' | 'remove' | 'poll' | 'downloads' | 'onDidChange' | 'onDidRemove'
>;

/** Services of the extension host for a batch. */
export interface BatchHost extends Pick<ObjectLister, 'listObjects'> {
  /** Asks the user about an existing file. @throws `signal.reason` when aborted */
  askConflict(path: string, signal: AbortSignal): Promise<ConflictAnswer>;
}

/** Dependencies of all batches of one engine. */
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
