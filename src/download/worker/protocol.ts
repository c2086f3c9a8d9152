import type { LogLevel } from '../../base/logger.ts';
import type { BucketRef, ListedObject, ObjectRef } from '../../oss/model.ts';
import type { NetworkSettings } from '../../oss/networkSettings.ts';
import type { ListPosition, Page, SignedUrl, UrlRefusal } from '../../oss/objectLister.ts';
import type { BatchRequest, ConflictAnswer, BatchReport } from '../batchModel.ts';
import type { EngineEvents } from '../downloadService.ts';
import type { DownloadRequest, TransferLimits, FileVerdict, ContentRequest } from '../model.ts';

/** What the worker is started with. */
export interface WorkerSetup {
  /** Absolute path of the folder that holds checkpoints and leases. */
  readonly storagePath: string;
  readonly limits: TransferLimits;
  readonly network: NetworkSettings;
}

/** What the extension host asks of the worker: see `DownloadService` and `BatchService`. Calls wait for `ready`. */
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

/** What the worker asks of the extension host, which alone has the credentials, the secrets and the user. */
export interface HostSide {
  readonly calls: {
    /** `refusal` as in `UrlSigner`. */
    sign(request: { readonly object: ObjectRef; readonly refusal: UrlRefusal | undefined }): SignedUrl;
    list(request: {
      readonly bucket: BucketRef;
      readonly prefix: string;
      readonly from: ListPosition | undefined;
    }): Page<ListedObject>;
    /** What to do about the file that is already at this path. */
    askConflict(path: string): ConflictAnswer;
    /** The complete URL of this download, see `KeptUrls`. */
    loadUrl(id: string): string | undefined;
  };
  readonly events: EngineEvents & { log(entry: { readonly level: LogLevel; readonly message: string }): void };
}
