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
  /** More is not read into memory, whatever asks for it. In bytes, read for each object. */
  maxBytes(): number;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** An editor that was told to open reads at once; what it reads later need not be what was listed. */
const expectedForMs = 30_000;

export interface ObjectFileFacts {
  readonly sizeBytes: number;
  /** Milliseconds since the epoch; 0 where it is not known. */
  readonly modifiedMs: number;
}

interface Expected {
  /** With the region, where the listing told it. */
  readonly object: ObjectRef;
  readonly known: KnownObject;
  readonly untilMs: number;
}

/** Objects as files to look at. It keeps no content: each reading asks OSS. */
export class ObjectFiles {
  private readonly parts: ObjectFileParts;
  /** What is about to be opened, by URI, as it was listed. */
  private readonly expected = new Map<string, Expected>();
  /** The editor asks for the facts and for the content of a file at the same moment. */
  private readonly heads = new SingleFlight<ObjectMeta>();
  private readonly closing = new AbortController();

  constructor(parts: ObjectFileParts) {
    this.parts = parts;
  }

  /** The next reading of the file is to bring the version that the user saw, or to fail. */
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
   * The whole content of the file, of one version.
   * @throws AppError `object/tooLarge`; what `readContent` and `ObjectLister.head` throw
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

  /** Once only: when that version is gone, trying again shows the one that is there. */
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

  /** Ends what is asked of OSS. */
  dispose(): void {
    this.closing.abort();
  }
}

function idOf(file: ObjectFile): string {
  return objectUri(file).query;
}

/**
 * The beginning of a text in UTF-8, without the character that was cut at its end; what is not UTF-8 stays as it is.
 */
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
