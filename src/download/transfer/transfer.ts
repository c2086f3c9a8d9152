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
import type { KeptUrls, UrlSource } from './urlSource.ts';
import type { Lease, LeaseFolder } from '../windows/lease.ts';
import type { TransferLimits } from '../model.ts';
import type { PartFile } from '../files/partFile.ts';
import type { PartLedger } from './partProgress.ts';

/** What all downloads of one engine share. */
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

/** What one running download tells whoever watches it. */
export interface DownloadObserver {
  onPhase(phase: RunningPhase): void;
  /** Size of the whole object where it is known, and how much of it is on disk as the session begins. */
  onSize(bytesTotal: number | undefined, bytesDone: number): void;
  /** So many bytes arrived; negative when bytes that had arrived were lost or thrown away. */
  onBytes(bytes: number): void;
}

/** A session that shares no file with anybody. */
export interface TransferContext {
  readonly deps: EngineDeps;
  readonly header: CheckpointHeader;
  readonly urls: UrlSource;
  readonly observer: DownloadObserver;
}

/** One session of one download. */
export interface LeasedContext extends TransferContext {
  readonly lease: Lease;
}

/** A session whose object is known and whose files are open. */
export interface Transfer extends LeasedContext {
  readonly object: ObjectIdentity;
  readonly ledger: PartLedger;
  readonly file: PartFile;
  readonly journal: Journal;
}
