import { reasonOf } from '../../src/base/abort.ts';
import { AppError } from '../../src/base/errors.ts';
import type { ByteRange } from '../../src/oss/model.ts';
import type { ObjectReader, ReadRequest, ReadSink, RemoteObject } from '../../src/oss/objectReader.ts';

export interface MemoryObject extends Omit<RemoteObject, 'sizeBytes'> {
  readonly bytes: Uint8Array;
}

/** What goes wrong with one answer. Offsets count the bytes of that answer. */
export type MemoryFault =
  | { readonly kind: 'fail'; readonly error: AppError }
  | { readonly kind: 'cut'; readonly afterBytes: number }
  | { readonly kind: 'flip'; readonly at: number }
  /** Headers that say something else; undefined leaves a fact out. */
  | {
      readonly kind: 'describe';
      readonly object: { readonly [Fact in keyof RemoteObject]?: RemoteObject[Fact] | undefined };
      readonly cutAfter?: number;
    }
  | { readonly kind: 'whole' }
  | { readonly kind: 'hang'; readonly afterBytes: number };

/**
 * A real `ObjectReader` over objects in memory. It answers as OSS does: a range that reaches past the end is answered
 * with everything, `If-Match` with `object/changed` when another version is there.
 */
export class MemoryReader implements ObjectReader {
  readonly objects = new Map<string, MemoryObject>();
  /** Every request so far, in order. */
  readonly requests: ReadRequest[] = [];
  bytesSent = 0;
  /** As a socket does, holds on to what waits for it: signals that are made of others are collected otherwise. */
  private readonly hanging = new Set<AbortSignal>();
  /** False: every answer is the whole object. */
  knowsRanges = true;
  /** Decides what goes wrong with a request; `attempt` is its 1-based number. */
  fault: (request: ReadRequest, attempt: number) => MemoryFault | undefined = () => undefined;
  /** Length of the next chunk, in bytes. */
  chunkBytes: () => number = () => 16 * 1024;
  /** Called before each chunk. */
  beforeChunk: () => void | Promise<void> = () => undefined;

  async read(request: ReadRequest, sink: ReadSink, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const attempt = this.requests.push(request);
    const fault = this.fault(request, attempt);
    await tick(signal);
    if (fault?.kind === 'fail') {
      throw fault.error;
    }
    const object = this.objects.get(request.url);
    if (object === undefined) {
      throw new AppError('object/notFound', `no such object: ${request.url}`);
    }
    if (request.validator?.kind === 'ifMatch' && request.validator.etag !== object.etag) {
      throw new AppError('object/changed', `another version is there: ${request.url}`);
    }
    const range =
      fault?.kind === 'whole' || !this.knowsRanges ? undefined : answered(request.range, object.bytes.length);
    const { bytes, ...facts } = object;
    const told = { ...facts, sizeBytes: bytes.length, ...(fault?.kind === 'describe' ? fault.object : {}) };
    sink.onResponse({
      kind: range === undefined ? 'whole' : 'range',
      object: Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)),
    });
    const body = Buffer.from(range === undefined ? bytes : bytes.subarray(range.start, range.end));
    if (fault?.kind === 'flip' && body.length > 0) {
      const at = Math.min(fault.at, body.length - 1);
      body[at] = (body[at] ?? 0) ^ 0x40;
    }
    const end = Math.min(endOf(fault), body.length);
    await this.deliver(body.subarray(0, end), sink, signal);
    if (fault?.kind === 'hang') {
      await this.hang(signal);
    }
    if (end < body.length) {
      throw new AppError('network/interrupted', 'the connection was cut', { retryable: true });
    }
  }

  private async hang(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.hanging.add(signal);
    try {
      await new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(reasonOf(signal)), { once: true }),
      );
    } finally {
      this.hanging.delete(signal);
    }
  }

  private async deliver(body: Buffer, sink: ReadSink, signal: AbortSignal): Promise<void> {
    for (let at = 0; at < body.length;) {
      await this.beforeChunk();
      await tick(signal);
      const chunk = Uint8Array.from(body.subarray(at, at + Math.max(1, this.chunkBytes())));
      this.bytesSent += chunk.length;
      at += chunk.length;
      const taken = sink.onChunk(chunk);
      // a chunk is valid until `onChunk` returns
      chunk.fill(0xee);
      await taken;
    }
  }
}

/** How many bytes of the body are delivered. */
function endOf(fault: MemoryFault | undefined): number {
  switch (fault?.kind) {
    case 'cut':
    case 'hang':
      return fault.afterBytes;
    case 'describe':
      return fault.cutAfter ?? Infinity;
    default:
      return Infinity;
  }
}

function answered(range: ByteRange | undefined, size: number): ByteRange | undefined {
  return range !== undefined && range.end <= size ? range : undefined;
}

async function tick(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}
