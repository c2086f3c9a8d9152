import type { ErrorRecord } from '../../base/errors.ts';
import type { LogLevel } from '../../base/logger.ts';
import type { BucketRef, ListedObject, ObjectRef } from '../../oss/model.ts';
import type { NetworkSettings } from '../../oss/networkSettings.ts';
import type { ListPosition, Page, SignedUrl, UrlRefusal } from '../../oss/objectLister.ts';
import type { BatchRequest, BatchSnapshot, ConflictAnswer, BatchReport } from '../batchModel.ts';
import type { DownloadRequest, DownloadSnapshot, TransferLimits, FileVerdict, ContentRequest } from '../model.ts';

/** What the worker is started with. */
export interface WorkerSetup {
  /** Absolute path of the folder that holds checkpoints and leases. */
  readonly storagePath: string;
  readonly limits: TransferLimits;
  readonly network: NetworkSettings;
}

/**
 * Extension host to worker, all of one turn of the event loop in one message. `call` requests are answered by one
 * `result` with the same `callId`.
 */
export type WorkerRequest =
  | { readonly type: 'call'; readonly callId: number; readonly call: WorkerCall }
  /** Nobody waits for the result of this call any more. */
  | { readonly type: 'abandon'; readonly callId: number }
  | { readonly type: 'limits'; readonly limits: TransferLimits }
  | { readonly type: 'network'; readonly network: NetworkSettings }
  | { readonly type: 'answer'; readonly questionId: number; readonly answer: Answer }
  | { readonly type: 'keptUrl'; readonly questionId: number; readonly url?: string };

export type WorkerCall =
  | { readonly type: 'add'; readonly request: DownloadRequest }
  | { readonly type: 'pause' | 'resume' | 'putFirst' | 'restart' | 'cancel' | 'remove' | 'verify'; readonly id: string }
  | { readonly type: 'replaceUrl'; readonly id: string; readonly url: string }
  | { readonly type: 'read'; readonly request: ContentRequest }
  | { readonly type: 'addBatch'; readonly request: BatchRequest }
  | { readonly type: 'batch'; readonly action: 'pause' | 'resume' | 'cancel' | 'remove'; readonly id: string }
  | { readonly type: 'reportBatch'; readonly id: string }
  | { readonly type: 'shutdown' };

/** What only the extension host can do; it answers each with its own kind, see `QuestionAnswers`. */
export type Question =
  /** `refusal` as in `UrlSigner`. */
  | { readonly type: 'sign'; readonly object: ObjectRef; readonly refusal?: UrlRefusal }
  | {
      readonly type: 'list';
      readonly bucket: BucketRef;
      readonly prefix: string;
      readonly from: ListPosition | undefined;
    }
  /** A file is already there. */
  | { readonly type: 'conflict'; readonly path: string };

export interface QuestionAnswers {
  readonly sign: SignedUrl;
  readonly list: Page<ListedObject>;
  readonly conflict: ConflictAnswer;
}

export type Answer =
  | { readonly ok: true; readonly value: QuestionAnswers[Question['type']] }
  | { readonly ok: false; readonly error: ErrorRecord };

/** Worker to extension host, all of one turn of the event loop in one message. */
export type WorkerEvent =
  /** The checkpoints have been read: these downloads and batches were there before. Sent once, first. */
  | {
      readonly type: 'ready';
      readonly downloads: readonly DownloadSnapshot[];
      readonly batches: readonly BatchSnapshot[];
    }
  /** Downloads of which the state or the progress has changed, as they stand; sent at most twenty times a second. */
  | { readonly type: 'changed'; readonly downloads: readonly DownloadSnapshot[] }
  /** Only of downloads that were told of. */
  | { readonly type: 'removed'; readonly ids: readonly string[] }
  | { readonly type: 'result'; readonly callId: number; readonly result: CallResult }
  | { readonly type: 'batchChanged'; readonly batch: BatchSnapshot }
  | { readonly type: 'batchRemoved'; readonly id: string }
  | { readonly type: 'question'; readonly questionId: number; readonly question: Question }
  /** Nobody waits for the answer any more. */
  | { readonly type: 'withdrawn'; readonly questionId: number }
  /** Another question: the complete URL of this download, see `KeptUrls`. */
  | { readonly type: 'askUrl'; readonly questionId: number; readonly id: string }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string };

/**
 * `id` is that of the download or batch the call was about; absent for `read` and `shutdown`. `verdict`: of `verify`;
 * `report`: of `reportBatch`; `content`: of `read`.
 */
export type CallResult =
  | {
      readonly ok: true;
      readonly id?: string;
      readonly verdict?: FileVerdict;
      readonly report?: BatchReport;
      readonly content?: Uint8Array;
    }
  | { readonly ok: false; readonly error: ErrorRecord };
