import { defined } from '../../base/defined.ts';
import { raceAbort } from '../../base/abort.ts';
import { SingleFlight } from '../../base/async.ts';
import { AppError } from '../../base/errors.ts';
import type { KnownObject, ContentRequest } from '../../download/model.ts';
import type { ObjectMeta, ObjectRef } from '../../oss/model.ts';
import { describeObject } from '../../oss/ossPath.ts';
import { objectUri } from './objectUri.ts';
import type { ObjectFile } from './objectUri.ts';

export interface ObjectFileParts {
  head(object: ObjectRef, signal: AbortSignal): Promise<ObjectMeta>;
  read(request: ContentRequest, signal: AbortSignal): Promise<Uint8Array>;
  /** Larger objects are rejected, whatever opens them. In bytes, evaluated for each object. */
  maxBytes(): number;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** The expected version is dropped after this time: an editor reads right after opening. */
const expectedForMs = 30_000;

export interface ObjectFileFacts {
  readonly sizeBytes: number;
  /** Milliseconds since the epoch; 0 if unknown. */
  readonly modifiedMs: number;
}

interface Expected {
  /** With the region, if the listing has it. */
  readonly object: ObjectRef;
  readonly known: KnownObject;
  readonly untilMs: number;
}

/** Reads objects for the editor. Nothing is cached: each read is a request. */
export class ObjectFiles {
  private readonly parts: ObjectFileParts;
  /** Listed versions of objects about to be opened, by URI. */
  private readonly expected = new Map<string, Expected>();
  /** The editor requests stat and content concurrently, so they share one HEAD. */
  private readonly heads = new SingleFlight<ObjectMeta>();
  private readonly closing = new AbortController();

  constructor(parts: ObjectFileParts) {
    this.parts = parts;
  }

  /** Makes the next read return the listed version or fail. */
  expect(file: ObjectFile, known: KnownObject): void {
    this.expected.set(idOf(file), { object: file.object, known, untilMs: this.parts.now() + expectedForMs });
  }

  /** @throws as `ObjectLister.head` */
  async stat(file: ObjectFile, signal: AbortSignal): Promise<ObjectFileFacts> {
    const { sizeBytes, lastModifiedMs } = await this.head(file, signal);
    return {
      sizeBytes: Math.min(sizeBytes, file.firstBytes ?? sizeBytes),
      modifiedMs: Number.isNaN(lastModifiedMs) ? 0 : lastModifiedMs,
    };
  }

  /**
   * Reads the whole file, from one version.
   * @throws AppError `object/tooLarge`; and as `readContent` and `ObjectLister.head`
   */
  async read(file: ObjectFile, signal: AbortSignal): Promise<Uint8Array> {
    const expected = this.takeExpected(file);
    const { sizeBytes, etag } = expected?.known ?? (await this.head(file, signal));
    const subject = describeObject(file.object);
    if (Math.min(sizeBytes, file.firstBytes ?? sizeBytes) > this.parts.maxBytes()) {
      throw new AppError('object/tooLarge', `${sizeBytes} bytes are too many for an editor: ${subject}`, {
        details: { subject },
      });
    }
    const { object } = expected ?? file;
    const { firstBytes } = file;
    const bytes = await this.parts.read({ object, known: { sizeBytes, etag }, ...defined({ firstBytes }) }, signal);
    return firstBytes === undefined || bytes.length === sizeBytes ? bytes : withoutHalfCharacter(bytes);
  }

  /** Returned once: a retry after a failure shows the current version. */
  private takeExpected(file: ObjectFile): Expected | undefined {
    const id = idOf(file);
    const found = this.expected.get(id);
    this.expected.delete(id);
    return found === undefined || found.untilMs < this.parts.now() ? undefined : found;
  }

  private head(file: ObjectFile, signal: AbortSignal): Promise<ObjectMeta> {
    const id = idOf(file);
    const { object } = this.expected.get(id) ?? file;
    return raceAbort(
      this.heads.run(() => this.parts.head(object, this.closing.signal), id),
      signal,
    );
  }

  /** Aborts all requests. */
  dispose(): void {
    this.closing.abort();
  }
}

function idOf(file: ObjectFile): string {
  return objectUri(file).query;
}

/** Removes an incomplete UTF-8 character from the end of a cut text; other encodings stay unchanged. */
function withoutHalfCharacter(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0x80) {
      continue;
    }
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}
