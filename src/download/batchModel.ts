import type { ErrorDetails, ErrorRecord } from '../base/errors.ts';
import type { BucketRef, ObjectRef } from '../oss/model.ts';
import type { KnownObject, InvalidNames } from './model.ts';

/** What a batch downloads: everything below a prefix, or one object that was selected beside others. */
export type BatchSource =
  | {
      readonly kind: 'prefix';
      readonly bucket: BucketRef;
      /** Empty, or ends in `/`. */
      readonly prefix: string;
      /** Names of the folders below the batch's folder that it goes into, as they stand in OSS. */
      readonly into: readonly string[];
    }
  | {
      readonly kind: 'object';
      readonly ref: ObjectRef;
      readonly known?: KnownObject;
      /** Milliseconds since the epoch, where a listing told it. */
      readonly modifiedMs?: number;
      /** Whether it must be restored before it can be read, as far as a listing told it. */
      readonly isArchived?: boolean;
      /** Names of the folders it goes into, and of its file. */
      readonly into: readonly string[];
    };

/** What to do about a file that is already there; `overwriteIfChanged` keeps one that may be taken for the object. */
export const conflictPolicies = ['ask', 'overwriteIfChanged', 'overwrite', 'skip', 'rename'] as const;
export type ConflictPolicy = (typeof conflictPolicies)[number];

/** What the user says about one such file. */
export interface ConflictAnswer {
  readonly choice: Exclude<ConflictPolicy, 'ask'>;
  /** Whether it holds for the rest of the batch. */
  readonly forAll: boolean;
}

/** What is asked of the engine: many downloads under one name. */
export interface BatchRequest {
  readonly sources: readonly BatchSource[];
  /** Absolute path of the folder that everything goes below. */
  readonly folder: string;
  /** Such as `oss://bucket/prefix/`. */
  readonly label: string;
  readonly conflict: ConflictPolicy;
  readonly invalidNames: InvalidNames;
  /** Whether files get the objects' times of change. */
  readonly preserveModified: boolean;
  /** Whether archived objects that are not restored are left out; else they are tried, and fail one by one. */
  readonly leaveOutArchived?: boolean;
}

/**
 * ```
 * running -everything settled-> finished      running -pause-> paused
 * running -the listing fails, or too much else-> failed      running -the editor goes away-> interrupted
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
  readonly id: string;
  readonly label: string;
  readonly folder: string;
  readonly state: BatchState;
  /** Whether nothing moves because the network is away. */
  readonly isWaiting: boolean;
  /** Whether everything that is to be downloaded is known. */
  readonly isListed: boolean;
  /** Objects that were found so far; without those that were skipped. */
  readonly found: number;
  readonly foundBytes: number;
  readonly done: number;
  /** Bytes that are there, of what is under way, too. */
  readonly bytesDone: number;
  readonly failed: number;
  readonly skipped: number;
  /** Left out because they are archived; not among those that were skipped. */
  readonly archived: number;
  readonly bytesPerSecond: number;
}

/** Whether nothing is left to do. */
export function isBatchDone({ state, failed }: Pick<BatchSnapshot, 'state' | 'failed'>): boolean {
  return state.kind === 'finished' && failed === 0;
}

/** Whether it stands still and there is something to do. */
export function canBatchGoOn(batch: Pick<BatchSnapshot, 'state' | 'failed'>): boolean {
  return batch.state.kind !== 'running' && !isBatchDone(batch);
}

/** An object of a batch that did not become a file. */
export interface ReportedObject {
  /**
   * All but the first are skipped: the file that is there is kept; the user cancelled it; it stands for an empty folder
   * that could not be made; it is archived and left out.
   */
  readonly outcome: 'failed' | 'kept' | 'cancelled' | 'notMade' | 'archived';
  readonly object: ObjectRef;
  /** Absolute; absent where none was decided on. */
  readonly path?: string;
  readonly sizeBytes?: number;
  /** Why it failed, or could not be made. */
  readonly failure?: BatchFailure;
}

/** What a batch came to. What was downloaded is only counted: there may be a million of them. Plain data. */
export interface BatchReport {
  readonly batch: BatchSnapshot;
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
  /** All that failed, and of what was skipped the first thousand. */
  readonly objects: readonly ReportedObject[];
  /** Objects that were skipped and are not among `objects`. */
  readonly unlisted: number;
}

/** How the last attempt at an object failed: what a report and Alibaba Cloud's support need, without the message. */
export interface BatchFailure {
  readonly code: ErrorRecord['code'];
  readonly details: Pick<ErrorDetails, 'status' | 'ossCode' | 'requestId' | 'ec' | 'subject' | 'endpoint'>;
}
