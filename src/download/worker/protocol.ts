import type { LogLevel } from '../../base/logger.ts';
import type { BucketRef, ListedObject, ObjectRef } from '../../oss/model.ts';
import type { NetworkSettings } from '../../oss/networkSettings.ts';
import type { ListPosition, Page, SignedUrl, UrlRefusal } from '../../oss/objectLister.ts';
import type { BatchRequest, ConflictAnswer, BatchReport } from '../batchModel.ts';
import type { EngineEvents } from '../downloadService.ts';
import type { DownloadRequest, TransferLimits, FileVerdict, ContentRequest } from '../model.ts';

/** Start parameters of the worker. */
export interface WorkerSetup {
  /** Absolute path of the folder for checkpoints, batch records, leases and window files. */
  readonly storagePath: string;
  readonly limits: TransferLimits;
  readonly network: NetworkSettings;
}

/** Calls and events for the worker: see `DownloadService` and `BatchService`. Calls wait for `ready`. */
export interface WorkerSide {
  readonly calls: {
    /** @returns the id of the download */
    add(request: DownloadRequest): string;
    pause(id: string): void;
    resume(id: string): void;
    prioritize(id: string): void;
    restart(id: string): void;
    cancel(id: string): void;
    remove(id: string): void;
    replaceUrl(replacement: { readonly id: string; readonly url: string }): void;
    verify(id: string): FileVerdict;
    read(request: ContentRequest): Uint8Array;
    /** @returns the id of the batch */
    addBatch(request: BatchRequest): string;
    pauseBatch(id: string): void;
    resumeBatch(id: string): void;
    cancelBatch(id: string): void;
    removeBatch(id: string): void;
    reportBatch(id: string): BatchReport;
    shutdown(): void;
  };
  readonly events: { limits(limits: TransferLimits): void; network(network: NetworkSettings): void };
}

/** Calls and events for the extension host, which alone has the credentials, the secrets and the user. */
export interface HostSide {
  readonly calls: {
    /** `refusal` as in `UrlSigner`. */
    sign(request: { readonly object: ObjectRef; readonly refusal: UrlRefusal | undefined }): SignedUrl;
    list(request: {
      readonly bucket: BucketRef;
      readonly prefix: string;
      readonly from: ListPosition | undefined;
    }): Page<ListedObject>;
    /** Asks the user about the existing file at this path. */
    askConflict(path: string): ConflictAnswer;
    /** Loads the complete URL of a download, see `KeptUrls`. */
    loadUrl(id: string): string | undefined;
  };
  readonly events: EngineEvents & { log(entry: { readonly level: LogLevel; readonly message: string }): void };
}
