import type { ByteRange } from './model.ts';

/**
 * The condition that a request carries so that bytes of two versions are never mixed.
 * `ifMatch`: a changed object answers 412 (OSS, and servers that honour it).
 * `ifRange`: a changed object answers 200 with the whole new object; the value is a strong ETag or a Last-Modified
 * date. `ifUnmodifiedSince`: an HTTP date; a changed object answers 412.
 * @see RFC 9110 sections 13.1.1, 13.1.4, 13.1.5
 */
export type Validator =
  | { readonly kind: 'ifMatch'; readonly etag: string }
  | { readonly kind: 'ifRange'; readonly value: string }
  | { readonly kind: 'ifUnmodifiedSince'; readonly date: string };

/** What the answer's headers say of the object. Absent means that the server did not say. */
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
  /** No byte for so long means `network/stalled`. In milliseconds. */
  readonly stallTimeoutMs: number;
}

/**
 * How a request was answered. `range`: exactly the range asked for (206), or, where the range reaches past the object's
 * end, the part of it that exists (RFC 9110 14.1.2): then `sizeBytes` says so.
 * `whole`: the whole object (200): asked without a range, or changed after If-Range, or a server that knows no ranges.
 */
export interface ReadResponse {
  readonly kind: 'range' | 'whole';
  readonly object: RemoteObject;
}

export interface ReadSink {
  /** Called once, before the first chunk. Throwing refuses the body: nothing of it is delivered. */
  onResponse(response: ReadResponse): void;
  /**
   * Receives the bytes in order, in chunks that are valid until it returns; a returned promise holds the socket back
   * until it settles.
   */
  onChunk(chunk: Uint8Array): void | Promise<void>;
}

/**
 * Port: what the engine may know of a remote object.
 *
 * @throws AppError `object/changed` (412, or another ETag than If-Match named),
 *   `range/notHonoured` (a 206 with another range; retryable), `network/*` (retryable),
 *   `auth/*`, `object/*`, `server/*` after the status and the OSS error body
 * @throws `signal.reason` when aborted, within 250 ms
 * @see RFC 9110 sections 14 (range requests) and 13.1.1 (If-Match)
 */
export interface ObjectReader {
  read(request: ReadRequest, sink: ReadSink, signal: AbortSignal): Promise<void>;
}
