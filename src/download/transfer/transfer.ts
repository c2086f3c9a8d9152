import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import type { UrlSigner } from '../../oss/objectLister.ts';
import type { ObjectReader } from '../../oss/objectReader.ts';
import type { Bandwidth } from './bandwidth.ts';
import type { BlockPool } from './blockPool.ts';
import type { CheckpointHeader, ObjectIdentity } from '../checkpoint/checkpointHeader.ts';
import type { CheckpointStore } from '../checkpoint/checkpointStore.ts';
import type { ConnectionBudget } from './connectionBudget.ts';
import type { Crc64 } from './crc64.ts';
import type { RunningPhase } from '../downloadState.ts';
import type { Journal } from '../checkpoint/checkpointWriter.ts';
import type { KeptUrls, UrlProvider } from './urlProvider.ts';
import type { Lease, LeaseFolder } from '../windows/lease.ts';
import type { TransferLimits } from '../model.ts';
import type { PartFile } from '../files/partFile.ts';
import type { PartProgress } from './partProgress.ts';

/** Dependencies shared by all downloads of an engine. */
export interface EngineDeps {
  readonly reader: ObjectReader;
  readonly signer: UrlSigner;
  readonly keptUrls: KeptUrls;
  readonly store: CheckpointStore;
  readonly leases: LeaseFolder;
  readonly budget: ConnectionBudget;
  readonly bandwidth: Bandwidth;
  readonly blocks: BlockPool;
  readonly crc64: Crc64;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly limits: () => TransferLimits;
  readonly logger: Logger;
}

/** Port: receives the progress of a running download. */
export interface DownloadObserver {
  onPhase(phase: RunningPhase): void;
  /** Size of the whole object, undefined if unknown, and its bytes on disk at the start of the session. */
  onSize(bytesTotal: number | undefined, bytesDone: number): void;
  /** Number of received bytes; negative for received bytes that were discarded. */
  onBytes(bytes: number): void;
}

/** A session that shares no file with anybody. */
export interface TransferContext {
  readonly deps: EngineDeps;
  readonly header: CheckpointHeader;
  readonly urls: UrlProvider;
  readonly observer: DownloadObserver;
}

/** One session of one download. */
export interface LeasedContext extends TransferContext {
  readonly lease: Lease;
}

/** A session whose object is known and whose files are open. */
export interface Transfer extends LeasedContext {
  readonly object: ObjectIdentity;
  readonly ledger: PartProgress;
  readonly file: PartFile;
  readonly journal: Journal;
}
