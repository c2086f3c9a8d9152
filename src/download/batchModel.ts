import type { ErrorDetails, ErrorRecord } from '../base/errors.ts';
import type { BucketRef, ObjectRef } from '../oss/model.ts';
import type { KnownObject, InvalidNames } from './model.ts';

/** Part of a batch: everything below a prefix, or one selected object. */
export type BatchSource =
  | {
      readonly kind: 'prefix';
      readonly bucket: BucketRef;
      /** Empty, or ends in `/`. */
      readonly prefix: string;
      /** Destination folders below the batch's folder, by their names in OSS. */
      readonly into: readonly string[];
    }
  | {
      readonly kind: 'object';
      readonly ref: ObjectRef;
      readonly known?: KnownObject;
      /** Milliseconds since the epoch; absent if no listing reported it. */
      readonly modifiedMs?: number;
      /** Whether a listing reported that it must be restored before it can be read. */
      readonly isArchived?: boolean;
      /** Destination folders and the file, by their names in OSS. */
      readonly into: readonly string[];
    };

/** Rules for a file that already exists; `overwriteIfChanged` keeps a file that matches the object's size and time. */
export const conflictPolicies = ['ask', 'overwriteIfChanged', 'overwrite', 'skip', 'rename'] as const;
export type ConflictPolicy = (typeof conflictPolicies)[number];

/** Decision of the user about one existing file. */
export interface ConflictAnswer {
  readonly choice: Exclude<ConflictPolicy, 'ask'>;
  /** Whether it applies to the rest of the batch. */
  readonly forAll: boolean;
}

/** Request for many downloads under one name. */
export interface BatchRequest {
  readonly sources: readonly BatchSource[];
  /** Absolute path of the destination folder. */
  readonly folder: string;
  /** Display name, such as `oss://bucket/prefix/`. */
  readonly label: string;
  readonly conflict: ConflictPolicy;
  readonly invalidNames: InvalidNames;
  /** Whether files get the objects' modification times. */
  readonly preserveModified: boolean;
  /** Whether archived objects that are not restored are skipped; otherwise each fails by itself. */
  readonly leaveOutArchived?: boolean;
}

/**
 * ```
 * running -all objects done or failed-> finished                running -pause-> paused
 * running -listing failed, or too many failures-> failed        running -editor closed-> interrupted
 * paused | interrupted | failed | finished with failures -resume-> running
 * ```
 */
export type BatchState =
  | { readonly kind: 'running' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'failed'; readonly error: ErrorRecord }
  | { readonly kind: 'finished' };

/** One batch as views and commands see it. Plain data: it crosses the worker boundary. */
export interface BatchSnapshot {
  readonly kind: 'batch';
  readonly id: string;
  readonly label: string;
  readonly folder: string;
  readonly state: BatchState;
  /** Whether it makes no progress because the network is unreachable. */
  readonly isWaiting: boolean;
  /** Whether the listing is complete. */
  readonly isListed: boolean;
  /** Objects found so far, without the skipped ones. */
  readonly found: number;
  readonly foundBytes: number;
  readonly done: number;
  /** Bytes on disk, including those of unfinished files. */
  readonly bytesDone: number;
  readonly failed: number;
  readonly skipped: number;
  /** Objects left out because they are archived; not counted in `skipped`. */
  readonly archived: number;
  readonly bytesPerSecond: number;
}

/** Whether the batch finished without failures. */
export function isBatchDone({ state, failed }: Pick<BatchSnapshot, 'state' | 'failed'>): boolean {
  return state.kind === 'finished' && failed === 0;
}

/** Whether the batch is stopped and can be resumed. */
export function canResumeBatch(batch: Pick<BatchSnapshot, 'state' | 'failed'>): boolean {
  return batch.state.kind !== 'running' && !isBatchDone(batch);
}

/** An object of a batch that did not become a file. */
export interface ReportedObject {
  /**
   * `kept`: the existing file was kept. `cancelled`: by the user. `notMade`: an empty folder that could not be created.
   * `archived`: left out. All but `failed` count as skipped.
   */
  readonly outcome: 'failed' | 'kept' | 'cancelled' | 'notMade' | 'archived';
  readonly object: ObjectRef;
  /** Absolute path of the file; absent if none was chosen. */
  readonly path?: string;
  readonly sizeBytes?: number;
  /** Cause of `failed` and `notMade`. */
  readonly failure?: BatchFailure;
}

/** Result of a batch. Downloaded objects are only counted: there may be a million. Plain data. */
export interface BatchReport {
  readonly batch: BatchSnapshot;
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
  /** All failed objects, and the first thousand skipped ones. */
  readonly objects: readonly ReportedObject[];
  /** Number of skipped objects that are missing in `objects`. */
  readonly unlisted: number;
}

/** Failure of the last attempt, as a report and Alibaba Cloud's support need it: without the message. */
export interface BatchFailure {
  readonly code: ErrorRecord['code'];
  readonly details: Pick<ErrorDetails, 'status' | 'ossCode' | 'requestId' | 'ec' | 'subject' | 'endpoint'>;
}
