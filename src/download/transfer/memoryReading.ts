import { defined } from '../../base/defined.ts';
import { AppError } from '../../base/errors.ts';
import type { ReadRequest, ReadResponse, ReadSink, RemoteObject } from '../../oss/objectReader.ts';
import type { Crc64 } from './crc64.ts';
import type { Verification } from '../downloadState.ts';
import type { KnownObject } from '../model.ts';
import { learnValidator, requireProof, requireSameObject } from './validators.ts';

export interface MemoryReadingOptions {
  /** The version that is wanted, as a listing or a HEAD told it. */
  readonly known: KnownObject;
  /** So many from its start; all of it where they are its size. */
  readonly bytes: number;
  readonly stallTimeoutMs: number;
  /** Takes a copy of each chunk, in order; a promise holds the next one back. */
  readonly onChunk: (chunk: Uint8Array, offset: number) => void | Promise<void>;
}

/**
 * One attempt to bring an object of OSS, or its beginning, into memory: what comes is of the version that is wanted,
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
   * To be called when the answer has ended. @returns how the server describes the object. @throws AppError
   * `network/interrupted`, retryable
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
 * @param bytes all of the object. @throws AppError `object/corrupt`, retryable, when they have another CRC-64 than the
 * server names
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
