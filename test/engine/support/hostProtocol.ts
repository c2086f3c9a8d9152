import type { ErrorRecord } from '../../../src/base/errors.ts';
import type { LogLevel } from '../../../src/base/logger.ts';
import type { DownloadRequest, DownloadSnapshot, TransferLimits } from '../../../src/download/model.ts';

/** What an engine process is started with, as JSON in its first argument. */
export interface HostSetup {
  readonly storagePath: string;
  readonly limits: TransferLimits;
  /** Where OSS objects are found: `<origin>/<bucket>/<key>`, readable by everyone. */
  readonly origin: string;
}

export type HostCall =
  | { readonly type: 'add'; readonly request: DownloadRequest }
  | { readonly type: 'pause' | 'resume' | 'restart' | 'cancel' | 'remove'; readonly id: string }
  | { readonly type: 'replaceUrl'; readonly id: string; readonly url: string }
  | { readonly type: 'limits'; readonly limits: TransferLimits }
  /** `resident` measures as it is, without collecting garbage first. */
  | { readonly type: 'memory' | 'resident' }
  | { readonly type: 'shutdown' };

/** After a collection of garbage, in bytes. */
export interface HostMemory {
  /** JavaScript heap of the worker thread. */
  readonly workerHeapBytes: number;
  /** Buffers of the worker thread. */
  readonly workerExternalBytes: number;
  /** Of the whole process. */
  readonly residentBytes: number;
}

export interface HostRequest {
  readonly callId: number;
  readonly call: HostCall;
}

export type HostResult =
  | { readonly ok: true; readonly id?: string; readonly memory?: HostMemory; readonly residentBytes?: number }
  | { readonly ok: false; readonly error: ErrorRecord };

export type HostEvent =
  | { readonly type: 'ready'; readonly downloads: readonly DownloadSnapshot[] }
  | { readonly type: 'changed'; readonly download: DownloadSnapshot }
  | { readonly type: 'removed'; readonly id: string }
  | { readonly type: 'result'; readonly callId: number; readonly result: HostResult }
  | { readonly type: 'log'; readonly level: LogLevel; readonly message: string };
