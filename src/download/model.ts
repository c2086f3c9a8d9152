import type { ObjectRef } from '../oss/model.ts';
import type { DownloadState } from './downloadState.ts';

/** Origin of the bytes: an OSS object, whose URL can be signed again, or a URL that only the user can replace. */
export type DownloadSource =
  { readonly kind: 'oss'; readonly object: ObjectRef } | { readonly kind: 'url'; readonly url: string };

/** Size and ETag of an object before the first request, from a listing or a HEAD. */
export interface KnownObject {
  readonly sizeBytes: number;
  /** Quotes included. */
  readonly etag: string;
}

/** Request for one download. */
export interface DownloadRequest {
  readonly source: DownloadSource;
  /** Absolute path of the final file. */
  readonly path: string;
  /** Whether an existing file at `path` may be replaced once the download is verified. */
  readonly overwrite: boolean;
  readonly known?: KnownObject;
  /** Whether to wait for an archived object: OSS is already restoring it. */
  readonly awaitRestore?: boolean;
  /** Id of the batch that it belongs to. */
  readonly batch?: string;
  /** Whether the file gets the object's modification time instead of the time of the download. */
  readonly preserveModified?: boolean;
}

/** One download as views and commands see it. Plain data: it crosses the worker boundary. */
export interface DownloadSnapshot {
  readonly kind: 'download';
  readonly id: string;
  /** An `oss://bucket/key` path, or a URL without its query. */
  readonly label: string;
  readonly path: string;
  /** Id of the batch that it belongs to. */
  readonly batch?: string;
  readonly state: DownloadState;
  /** Time of the last change, in milliseconds since the epoch; only for unfinished downloads of earlier sessions. */
  readonly idleSinceMs?: number;
  readonly bytesDone: number;
  /** Absent until the first response or a listing reports it. */
  readonly bytesTotal?: number;
  /** Average of the last few seconds; 0 if not running. */
  readonly bytesPerSecond: number;
  /** Estimate at this rate; absent if unknown. */
  readonly remainingMs?: number;
}

/** Limits from the user's settings. */
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
 * State of a file since its download finished. `intact`: its CRC-64 is the object's. `sameSize`: the server sent no
 * CRC-64, only the length matches. `unknown`: not even the length was recorded.
 */
export type FileVerdict = 'intact' | 'sameSize' | 'changed' | 'missing' | 'unknown';

/** Request to read an object, or its first bytes. Plain data: it crosses the worker boundary. */
export interface ContentRequest {
  readonly object: ObjectRef;
  /** The expected version, from a listing or a HEAD. */
  readonly known: KnownObject;
  /** Number of bytes from the start; absent: the whole object. */
  readonly firstBytes?: number;
}

/** Rules for a name that is not valid on every system: encode it, replace invalid characters with `_`, or fail. */
export const invalidNameRules = ['encode', 'replace', 'fail'] as const;

export type InvalidNames = (typeof invalidNameRules)[number];
