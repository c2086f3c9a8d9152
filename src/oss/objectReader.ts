import type { ByteRange } from './model.ts';

/**
 * Condition of a request that keeps bytes of two versions from being mixed.
 * `ifMatch`: a changed object answers 412 (OSS, and servers that honour it).
 * `ifRange`: a changed object answers 200 with the whole new object; the value is a strong ETag or a Last-Modified
 * date. `ifUnmodifiedSince`: an HTTP date; a changed object answers 412.
 * @see RFC 9110 sections 13.1.1, 13.1.4, 13.1.5
 */
export type Validator =
  | { readonly kind: 'ifMatch'; readonly etag: string }
  | { readonly kind: 'ifRange'; readonly value: string }
  | { readonly kind: 'ifUnmodifiedSince'; readonly date: string };

/** An object as response headers describe it. A field is absent if the server did not send it. */
export interface RemoteObject {
  /** Size of the whole object; absent for a body of unknown length. */
  readonly sizeBytes?: number;
  /** As the server sent it, quotes and `W/` included. */
  readonly etag?: string;
  /** The Last-Modified header as sent. */
  readonly lastModified?: string;
  /** Unsigned decimal CRC-64/XZ of the whole object. */
  readonly crc64?: string;
  readonly versionId?: string;
  /** The server's Date header as sent. */
  readonly date?: string;
}

export interface ReadRequest {
  /** Absolute URL, signed or plain; split by hand, never normalized. */
  readonly url: string;
  /** Absent: the whole object, answered with 200. */
  readonly range?: ByteRange;
  readonly validator?: Validator;
  /** Longest time without a byte, in milliseconds; then the read fails with `network/stalled`. */
  readonly stallTimeoutMs: number;
}

/**
 * `range`: exactly the requested range (206), or, where it exceeds the object, the part that exists (RFC 9110 14.1.2),
 * with `sizeBytes` set.
 * `whole`: the whole object (200): no range was requested, the object changed (If-Range), or the server has no ranges.
 */
export interface ReadResponse {
  readonly kind: 'range' | 'whole';
  readonly object: RemoteObject;
}

export interface ReadSink {
  /** Called once, before the first chunk. Throwing rejects the body: nothing of it is delivered. */
  onResponse(response: ReadResponse): void;
  /**
   * Receives the bytes in order. A chunk is valid until the call returns; a returned promise pauses the socket until it
   * settles.
   */
  onChunk(chunk: Uint8Array): void | Promise<void>;
}

/**
 * Port: reads an object, or a range of it, over HTTP.
 *
 * @throws AppError `object/changed` (412, or an ETag other than If-Match's),
 *   `range/notHonoured` (a 206 with another range; retryable), `network/*` (retryable),
 *   `auth/*`, `object/*`, `server/*` after the status and the OSS error body
 * @throws `signal.reason` when aborted, within 250 ms
 * @see RFC 9110 sections 14 (range requests) and 13.1.1 (If-Match)
 */
export interface ObjectReader {
  read(request: ReadRequest, sink: ReadSink, signal: AbortSignal): Promise<void>;
}
