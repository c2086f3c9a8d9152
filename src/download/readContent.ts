import { AppError, toAppError } from '../base/errors.ts';
import type { ObjectRef } from '../oss/model.ts';
import type { ReadRequest, ReadSink, RemoteObject } from '../oss/objectReader.ts';
import type { KnownObject } from './model.ts';
import { asChange, retrying } from './partDownload.ts';
import type { EngineTools } from './transfer.ts';
import { SignedUrls } from './urlSource.ts';
import { learnValidator, requireProof, requireSameObject } from './validators.ts';

/** An object, or its beginning, that somebody wants to look at. As plain data: it crosses the worker boundary. */
export interface ContentRequest {
  readonly object: ObjectRef;
  /** The version that is wanted, as a listing or a HEAD told it. */
  readonly known: KnownObject;
  /** Only so many bytes from its start; absent: all of it. */
  readonly firstBytes?: number;
}

export type ContentTools = Pick<EngineTools, 'reader' | 'signer' | 'clock' | 'crc64' | 'bandwidth' | 'budget' | 'random' | 'limits' | 'logger'>;

/**
 * Reads an object, or its beginning, into memory; nothing of it touches the disk. What is returned is complete and of the
 * version that was asked for, and where it is the whole object its CRC-64 is the one that the server names.
 * The caller sees to it that it fits into memory. It takes no part in the budget of connections: one more for a few
 * seconds is not worth making somebody wait for the end of a download.
 * @throws AppError `object/changed`, `object/corrupt`, and what `ObjectReader.read` throws, after the retries of the settings
 * @throws `signal.reason` when aborted
 */
export async function readContent(tools: ContentTools, request: ContentRequest, signal: AbortSignal): Promise<Uint8Array> {
  const urls = new SignedUrls(tools.signer, request.object, tools.clock);
  const attempt = async (): Promise<Uint8Array> => {
    const reading = new Reading(tools, request, signal);
    try {
      await urls.use((url) => tools.reader.read({ ...reading.request, url }, reading, signal), signal);
    } catch (error) {
      throw signal.aborted ? error : asChange(toAppError(error));
    }
    return reading.finish();
  };
  // Every attempt begins anew, so none has brought anything that the next one could build on.
  return retrying({ tools }, () => 0, attempt, signal);
}

/** One attempt. */
class Reading implements ReadSink {
  readonly request: Omit<ReadRequest, 'url'>;
  private readonly tools: ContentTools;
  private readonly known: KnownObject;
  private readonly signal: AbortSignal;
  private readonly bytes: Uint8Array;
  private object: RemoteObject = {};
  private received = 0;

  constructor(tools: ContentTools, { known, firstBytes }: ContentRequest, signal: AbortSignal) {
    const validator = learnValidator('oss', { etag: known.etag });
    const isWhole = firstBytes === undefined || firstBytes >= known.sizeBytes;
    this.tools = tools;
    this.known = known;
    this.signal = signal;
    this.bytes = new Uint8Array(isWhole ? known.sizeBytes : firstBytes);
    this.request = {
      stallTimeoutMs: tools.limits().stallTimeoutMs,
      ...(isWhole ? {} : { range: { start: 0, end: firstBytes } }),
      ...(validator === undefined ? {} : { validator }),
    };
  }

  onResponse({ kind, object }: Parameters<ReadSink['onResponse']>[0]): void {
    const { sizeBytes, etag } = this.known;
    requireSameObject({ sizeBytes, etag }, object);
    requireProof(this.request.validator, object);
    if ((kind === 'range') !== (this.request.range !== undefined)) {
      throw new AppError('range/notHonoured', `the server did not send what was asked for but: ${kind}`, { retryable: true });
    }
    this.object = object;
  }

  onChunk(chunk: Uint8Array): void | Promise<void> {
    if (this.received + chunk.length > this.bytes.length) {
      throw new AppError('range/notHonoured', `the server sent more than the ${this.bytes.length} bytes that were asked for`, { retryable: true });
    }
    this.bytes.set(chunk, this.received);
    this.received += chunk.length;
    return this.tools.bandwidth.take(chunk.length, this.signal);
  }

  /** @throws AppError `network/interrupted`, `object/corrupt`, both worth another attempt */
  finish(): Uint8Array {
    const missing = this.bytes.length - this.received;
    if (missing > 0) {
      throw new AppError('network/interrupted', `the answer ended ${missing} bytes early`, { retryable: true });
    }
    const { crc64 } = this.object;
    if (this.request.range === undefined && crc64 !== undefined && this.tools.crc64.of(this.bytes) !== BigInt(crc64)) {
      throw new AppError('object/corrupt', 'the bytes that arrived do not have the CRC-64 that the server names', { retryable: true });
    }
    return this.bytes;
  }
}
