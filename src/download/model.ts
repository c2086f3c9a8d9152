import type { ObjectRef } from '../oss/model.ts';
import type { DownloadState } from './downloadState.ts';

/** Where the bytes come from: an OSS object whose URL can be signed again, or a URL that only the user can replace. */
export type DownloadSource =
  { readonly kind: 'oss'; readonly object: ObjectRef } | { readonly kind: 'url'; readonly url: string };

/** What is known of the object before the first request, from a listing or a HEAD. */
export interface KnownObject {
  readonly sizeBytes: number;
  /** Quotes included. */
  readonly etag: string;
}

/** What is asked of the engine. */
export interface DownloadRequest {
  readonly source: DownloadSource;
  /** Absolute path of the final file. */
  readonly path: string;
  /** Whether a file that stands at `path` may be replaced once the download is proven. */
  readonly overwrite: boolean;
  readonly known?: KnownObject;
  /** Whether an archived object is waited for: somebody has asked OSS to restore it. */
  readonly awaitRestore?: boolean;
  /** Id of the batch that it belongs to. */
  readonly batch?: string;
  /** Whether the file gets the object's time of change; absent: it has the time of the download. */
  readonly preserveModified?: boolean;
}

/** One download as views and commands see it. Plain data: it crosses the worker boundary. */
export interface DownloadSnapshot {
  readonly id: string;
  /** An `oss://bucket/key` path, or a URL without its query. */
  readonly label: string;
  readonly path: string;
  /** Id of the batch that it belongs to. */
  readonly batch?: string;
  readonly state: DownloadState;
  /**
   * Since when nothing has happened to an unfinished download that an earlier session left, in milliseconds since the
   * epoch.
   */
  readonly idleSinceMs?: number;
  readonly bytesDone: number;
  /** Absent until the first answer told it. */
  readonly bytesTotal?: number;
  /** Bytes a second over the last few seconds; 0 when not running. */
  readonly bytesPerSecond: number;
  /** Milliseconds that are left at this rate; absent when unknown. */
  readonly remainingMs?: number;
}

/** What the user's settings allow. */
export interface TransferLimits {
  /** Connections of all downloads together. */
  readonly maxConnections: number;
  readonly concurrentDownloads: number;
  /** `auto`: 8 MiB, growing so that there are at most 10,000 parts. */
  readonly partSizeBytes: number | 'auto';
  /** Retries of one part without a byte of progress before the download fails. */
  readonly retries: number;
  readonly stallTimeoutMs: number;
  /** Of all downloads together; absent or 0: no limit. */
  readonly bytesPerSecond?: number;
}

/**
 * What became of a file since its download finished. `intact`: its CRC-64 is the object's. `sameSize`: the server gave
 * no CRC-64, so that only the length could be compared. `unknown`: not even that is recorded.
 */
export type FileVerdict = 'intact' | 'sameSize' | 'changed' | 'missing' | 'unknown';

/** An object, or its beginning, that somebody wants to look at. As plain data: it crosses the worker boundary. */
export interface ContentRequest {
  readonly object: ObjectRef;
  /** The version that is wanted, as a listing or a HEAD told it. */
  readonly known: KnownObject;
  /** Only so many bytes from its start; absent: all of it. */
  readonly firstBytes?: number;
}

/**
 * What becomes of a name that some system cannot hold: it is encoded, its bad characters are replaced by `_`, or it is
 * refused.
 */
export const invalidNameRules = ['encode', 'replace', 'fail'] as const;

export type InvalidNames = (typeof invalidNameRules)[number];
