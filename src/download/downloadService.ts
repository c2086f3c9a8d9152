import type { NetworkSettings } from '../oss/networkSettings.ts';
import type { BatchSnapshot } from './batchModel.ts';
import type { BatchService } from './batchService.ts';
import type { DownloadRequest, DownloadSnapshot, TransferLimits, FileVerdict, ContentRequest } from './model.ts';

/** State of the engine as it reports it, in order. The receiver keeps it: the engine's other end holds no copy. */
export interface EngineEvents {
  /** The checkpoints have been read: these downloads and batches were there before, oldest first. Once, and first. */
  ready(earlier: { readonly downloads: readonly DownloadSnapshot[]; readonly batches: readonly BatchSnapshot[] }): void;
  /** Downloads of which the state or the progress has changed, at most twenty times a second. */
  changed(downloads: readonly DownloadSnapshot[]): void;
  /** Only of downloads that were reported before. */
  removed(ids: readonly string[]): void;
  /** Every change of state, and progress at most four times a second a batch. */
  batchChanged(batch: BatchSnapshot): void;
  batchRemoved(id: string): void;
}

export interface EngineListener extends EngineEvents {
  /** The engine was shut down or has died: nothing is running any more, and every later call fails. Once, and last. */
  ended(): void;
}

/**
 * Port: the engine as the extension host sees it; it reports its state to an `EngineListener`. `worker/engineClient.ts`
 * is the real one.
 * Calls that name a download throw `AppError` `download/notFound`, `download/ownedElsewhere`, `disk/*`, `checkpoint/*`;
 * all throw `internal` once the engine has ended.
 */
export interface DownloadService {
  /** Resolves after `EngineListener.ready`. @throws AppError `internal` when the engine ends before that */
  readonly ready: Promise<void>;
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
  prioritize(id: string): Promise<void>;
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
