import type { Event } from '../base/emitter.ts';
import type { NetworkSettings } from '../oss/networkSettings.ts';
import type { BatchService } from './batchService.ts';
import type { DownloadRequest, DownloadSnapshot, TransferLimits, FileVerdict, ContentRequest } from './model.ts';

/**
 * Port: the engine as the extension host sees it. `worker/workerClient.ts` is the real one.
 * Calls that name a download throw `AppError` `download/notFound`, `download/ownedElsewhere`, `disk/*`, `checkpoint/*`.
 */
export interface DownloadService {
  /** Resolves when the checkpoints of earlier sessions have been read; `downloads` is complete from then on. */
  readonly ready: Promise<void>;
  /** Oldest first. */
  readonly downloads: readonly DownloadSnapshot[];
  readonly onDidChange: Event<DownloadSnapshot>;
  readonly onDidRemove: Event<string>;
  /**
   * Fires once when the engine has died: what was under way is `interrupted` then, and every later call fails with
   * `internal`. Another one may be created in its place.
   */
  readonly onDidDie: Event<undefined>;
  readonly batches: BatchService;

  /**
   * Queues a download and returns its id. @throws AppError `disk/targetExists` when the file is there and may not be
   * overwritten
   */
  add(request: DownloadRequest): Promise<string>;
  /** Stops and keeps what is on disk. */
  pause(id: string): Promise<void>;
  /** Goes on with a paused, interrupted or failed download. */
  resume(id: string): Promise<void>;
  /**
   * One that is in the queue begins before all others in it, as soon as there is room; of any other nothing changes.
   */
  putFirst(id: string): Promise<void>;
  /** Throws away what is on disk of an unfinished download and begins anew: the answer to `object/changed`. */
  restart(id: string): Promise<void>;
  /**
   * Gives a download from a URL another URL of the same object, and goes on if that was what it waited for.
   * From the same byte, where the object is still the same.
   * @throws AppError `input/invalidPath` for a download that is not from a URL
   */
  replaceUrl(id: string, url: string): Promise<void>;
  /** Stops an unfinished download and removes what is on disk. */
  cancel(id: string): Promise<void>;
  /** Forgets a finished one; the file stays. */
  remove(id: string): Promise<void>;

  /**
   * Reads the file of a finished download again and compares its CRC-64 with the object's.
   * @throws `signal.reason` when aborted
   */
  verify(id: string, signal: AbortSignal): Promise<FileVerdict>;

  /** Reads an object, or its beginning, into memory. Throws as `readContent`. */
  read(request: ContentRequest, signal: AbortSignal): Promise<Uint8Array>;

  setLimits(limits: TransferLimits): void;
  setNetwork(network: NetworkSettings): void;
  /** Flushes the checkpoints, leaves what was running `interrupted`, and ends the worker, in less than a second. */
  shutdown(): Promise<void>;
}
