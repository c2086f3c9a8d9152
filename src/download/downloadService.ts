import type { NetworkSettings } from '../oss/networkSettings.ts';
import type { BatchSnapshot } from './batchModel.ts';
import type { BatchService } from './batchService.ts';
import type { DownloadRequest, DownloadSnapshot, TransferLimits, FileVerdict, ContentRequest } from './model.ts';

/** Changes of the engine's state, in order. The receiver keeps the state: `WorkerClient` holds no copy. */
export interface EngineEvents {
  /** Reports the downloads and batches of earlier sessions, oldest first. Fires once, before all other events. */
  ready(earlier: { readonly downloads: readonly DownloadSnapshot[]; readonly batches: readonly BatchSnapshot[] }): void;
  /** Reports downloads with a new state or progress, at most twenty times a second. */
  changed(downloads: readonly DownloadSnapshot[]): void;
  /** Reports removed downloads, but only those reported before. */
  removed(ids: readonly string[]): void;
  /** Reports every change of state, and progress at most four times a second per batch. */
  batchChanged(batch: BatchSnapshot): void;
  batchRemoved(id: string): void;
}

export interface EngineListener extends EngineEvents {
  /** Reports that the engine was shut down or crashed: every later call fails. Fires once, after all other events. */
  ended(): void;
}

/**
 * Port: the engine as the extension host sees it; implemented in `worker/engineClient.ts`. It reports its state to an
 * `EngineListener`.
 * Calls that name a download throw `AppError` `download/notFound`, `download/ownedElsewhere`, `disk/*`, `checkpoint/*`;
 * all throw `internal` once the engine has ended.
 */
export interface DownloadService {
  /** Resolves after `EngineListener.ready`. @throws AppError `internal` when the engine ends before that */
  readonly ready: Promise<void>;
  readonly batches: BatchService;

  /**
   * Queues a download and returns its id.
   * @throws AppError `disk/targetExists` if the file exists and may not be overwritten
   */
  add(request: DownloadRequest): Promise<string>;
  /** Stops and keeps the partial file. */
  pause(id: string): Promise<void>;
  /** Continues a paused, interrupted or failed download. */
  resume(id: string): Promise<void>;
  /** Moves a queued download to the front of the queue; has no effect in other states. */
  prioritize(id: string): Promise<void>;
  /** Deletes the partial file and starts again from the first byte: the remedy for `object/changed`. */
  restart(id: string): Promise<void>;
  /**
   * Gives a download from a URL another URL of the same object and continues it, from the same byte if the object is
   * unchanged.
   * @throws AppError `input/invalidPath` for a download that is not from a URL
   */
  replaceUrl(id: string, url: string): Promise<void>;
  /** Stops an unfinished download and deletes its partial file. */
  cancel(id: string): Promise<void>;
  /** Removes a finished download from the list; keeps the file. */
  remove(id: string): Promise<void>;

  /**
   * Reads the file of a finished download and compares its CRC-64 with the object's.
   * @throws `signal.reason` when aborted
   */
  verify(id: string, signal: AbortSignal): Promise<FileVerdict>;

  /** Reads an object, or its first bytes, into memory. Throws as `readContent`. */
  read(request: ContentRequest, signal: AbortSignal): Promise<Uint8Array>;

  setLimits(limits: TransferLimits): void;
  setNetwork(network: NetworkSettings): void;
  /** Flushes the checkpoints, marks active downloads as `interrupted` and ends the worker, in less than a second. */
  shutdown(): Promise<void>;
}
