import { defined } from '../../base/defined.ts';
import { AppError } from '../../base/errors.ts';
import type { ReadRequest, ReadResponse, ReadSink, RemoteObject } from '../../oss/objectReader.ts';
import type { Crc64 } from './crc64.ts';
import type { Verification } from '../downloadState.ts';
import type { KnownObject } from '../model.ts';
import { learnValidator, requireProof, requireSameObject } from './validators.ts';

export interface MemoryReadingOptions {
  /** The requested version, from a listing or a HEAD. */
  readonly known: KnownObject;
  /** Number of bytes to read from the start of the object; its size: all of it. */
  readonly bytes: number;
  readonly stallTimeoutMs: number;
  /** Must copy the chunk; called in order. A returned promise pauses the socket until it settles. */
  readonly onChunk: (chunk: Uint8Array, offset: number) => void | Promise<void>;
}

/**
 * One attempt to read an OSS object, or its beginning, into memory. Checks that the bytes are of the requested version
 * and complete.
 */
export class MemoryReading implements ReadSink {
  readonly request: Omit<ReadRequest, 'url'>;
  private readonly options: MemoryReadingOptions;
  private object: RemoteObject = {};
  private received = 0;

  constructor(options: MemoryReadingOptions) {
    const { known, bytes, stallTimeoutMs } = options;
    const validator = learnValidator('oss', { etag: known.etag });
    this.options = options;
    this.request = {
      stallTimeoutMs,
      ...(bytes === known.sizeBytes ? {} : { range: { start: 0, end: bytes } }),
      ...defined({ validator }),
    };
  }

  onResponse({ kind, object }: ReadResponse): void {
    const { sizeBytes, etag } = this.options.known;
    requireSameObject({ sizeBytes, etag }, object);
    requireProof(this.request.validator, object);
    if ((kind === 'range') !== (this.request.range !== undefined)) {
      throw new AppError('range/notHonoured', `the server did not send what was asked for but: ${kind}`, {
        retryable: true,
      });
    }
    this.object = object;
  }

  onChunk(chunk: Uint8Array): void | Promise<void> {
    const { bytes, onChunk } = this.options;
    const offset = this.received;
    if (offset + chunk.length > bytes) {
      throw new AppError('range/notHonoured', `the server sent more than the ${bytes} bytes that were asked for`, {
        retryable: true,
      });
    }
    this.received += chunk.length;
    return onChunk(chunk, offset);
  }

  /**
   * Must be called when the response has ended.
   * @returns the object as the response describes it
   * @throws AppError `network/interrupted`, retryable, if bytes are missing
   */
  finish(): RemoteObject {
    const missing = this.options.bytes - this.received;
    if (missing > 0) {
      throw new AppError('network/interrupted', `the answer ended ${missing} bytes early`, { retryable: true });
    }
    return this.object;
  }
}

/**
 * Verifies the content of an object.
 * @param bytes all of the object
 * @throws AppError `object/corrupt`, retryable, if their CRC-64 is not the one that the server sent
 */
export function verifyBytes(bytes: Uint8Array, { crc64 }: RemoteObject, hasher: Crc64): Verification {
  if (crc64 === undefined) {
    return 'size';
  }
  if (hasher.of(bytes) !== BigInt(crc64)) {
    throw new AppError('object/corrupt', 'the bytes that arrived do not have the CRC-64 that the server names', {
      retryable: true,
    });
  }
  return 'crc64';
}
