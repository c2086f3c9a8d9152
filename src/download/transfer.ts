import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import type { UrlSigner } from '../oss/objectLister.ts';
import type { ObjectReader, RemoteObject, Validator } from '../oss/objectReader.ts';
import type { CheckpointHeader, ObjectIdentity } from './checkpointHeader.ts';
import type { CheckpointStore } from './checkpointStore.ts';
import type { ConnectionBudget } from './connectionBudget.ts';
import type { Crc64 } from './crc64.ts';
import type { RunningPhase } from './downloadState.ts';
import type { Journal } from './journal.ts';
import type { Lease, LeaseFolder } from './lease.ts';
import type { TransferLimits } from './model.ts';
import type { PartFile } from './partFile.ts';
import type { PartLedger } from './partLedger.ts';
import type { UrlSource } from './urlSource.ts';

/** What all downloads of one engine share. */
export interface EngineTools {
  readonly reader: ObjectReader;
  readonly signer: UrlSigner;
  readonly store: CheckpointStore;
  readonly leases: LeaseFolder;
  readonly budget: ConnectionBudget;
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
  /** Size of the whole object, and how much of it is on disk as the session begins. */
  onSize(bytesTotal: number, bytesDone: number): void;
  /** So many bytes arrived; negative when bytes that had arrived were lost or thrown away. */
  onBytes(bytes: number): void;
}

/** One session of one download. */
export interface Session {
  readonly tools: EngineTools;
  readonly header: CheckpointHeader;
  readonly urls: UrlSource;
  readonly lease: Lease;
  readonly observer: DownloadObserver;
}

/** A session whose object is known and whose files are open. */
export interface Transfer extends Session {
  readonly object: ObjectIdentity;
  readonly ledger: PartLedger;
  readonly file: PartFile;
  readonly journal: Journal;
}

/** The condition that keeps the bytes of another version out; undefined where the server gave nothing to go by. */
export function validatorOf(object: Pick<ObjectIdentity, 'etag'>): Validator | undefined {
  return object.etag === undefined || object.etag.startsWith('W/') ? undefined : { kind: 'ifMatch', etag: object.etag };
}

/**
 * Whatever condition a server honours or ignores: an answer that describes another object is refused here.
 * @throws AppError `object/changed`
 */
export function requireSameObject(expected: Partial<ObjectIdentity>, answered: RemoteObject): void {
  for (const fact of ['sizeBytes', 'etag', 'lastModified', 'crc64', 'versionId'] as const) {
    if (expected[fact] !== undefined && answered[fact] !== undefined && expected[fact] !== answered[fact]) {
      throw new AppError('object/changed', `the object is another one than before, ${fact} was ${expected[fact]} and is ${answered[fact]}`);
    }
  }
}
