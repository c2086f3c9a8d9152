import type { FileHandle } from 'node:fs/promises';
import { AppError, toAppError } from '../../base/errors.ts';
import type { ErrorCode } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { decodeCheckpoint, encodeCheckpoint, recordSeed, sealIn } from './checkpoint.ts';
import type { Checkpoint, CheckpointRecord } from './checkpoint.ts';
import type { CheckpointHeader, ObjectIdentity } from './checkpointHeader.ts';
import { onDisk } from '../files/disk.ts';
import { RecordFolder } from '../files/recordFolder.ts';
import { Journal } from './checkpointWriter.ts';
import { noSeal } from '../files/fileSeal.ts';

/** Reason why a download stopped. */
export type Ending =
  | { readonly kind: 'stopped'; readonly reason: 'paused' | 'interrupted' }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly canResume: boolean };

/** Checkpoint with its modification time just before it was read, in milliseconds since the epoch. */
export interface StoredCheckpoint extends Checkpoint {
  readonly changedMs: number | undefined;
}

/** Folder of checkpoints: one file per download, named after its id. */
export class CheckpointStore {
  private readonly files: RecordFolder;
  private readonly logger: Logger;
  private readonly flushAfterMs: number;
  /** Ids that this process has written or read: it removes no others. */
  private readonly seen = new Set<string>();

  /** @param flushAfterMs maximum delay of a claim, to be written together with others */
  constructor(folder: string, logger: Logger, flushAfterMs = 500) {
    this.files = new RecordFolder(folder, '.checkpoint');
    this.logger = logger;
    this.flushAfterMs = flushAfterMs;
  }

  /**
   * Reads all checkpoints, oldest first. Logs and keeps unreadable ones; deletes temporary files left by a crash.
   */
  async loadAll(): Promise<StoredCheckpoint[]> {
    await this.files.prepare();
    const loaded = await Promise.all([...(await this.ids())].map((id) => this.loadOrSkip(id)));
    return loaded
      .filter((checkpoint) => checkpoint !== undefined)
      .sort((a, b) => a.header.createdMs - b.header.createdMs);
  }

  /** Ids of all checkpoints, readable or not. */
  async ids(): Promise<ReadonlySet<string>> {
    return this.files.ids();
  }

  /** As `RecordFolder.changedMs`. */
  async changedMs(id: string): Promise<number | undefined> {
    return this.files.changedMs(id);
  }

  /** Undefined if there is none. @throws AppError `checkpoint/unreadable`, `checkpoint/newerVersion`, `disk/*` */
  async load(id: string): Promise<Checkpoint | undefined> {
    const bytes = await this.files.read(id);
    if (bytes === undefined) {
      return undefined;
    }
    this.seen.add(id);
    const checkpoint = decodeCheckpoint(bytes);
    if (checkpoint.header.id !== id) {
      throw new AppError('checkpoint/unreadable', `checkpoint belongs to another download: ${this.files.pathOf(id)}`);
    }
    return checkpoint;
  }

  /** Replaces the checkpoint atomically. */
  async save(header: CheckpointHeader, records: readonly CheckpointRecord[]): Promise<void> {
    const bytes = encodeCheckpoint(header, records);
    const handle = await this.write(header, bytes, false);
    await onDisk(this.files.pathOf(header.id), () => handle.close());
  }

  /** Saves, and keeps the file open for the records of a session. Syncs only if the object has several parts. */
  async start(header: CheckpointHeader, records: readonly CheckpointRecord[]): Promise<Journal> {
    const bytes = encodeCheckpoint(header, records);
    const handle = await this.write(header, bytes, isOfParts(header.object));
    return new Journal(this.files.pathOf(header.id), handle, recordSeed(header), bytes.length, this.flushAfterMs);
  }

  /** Records why a download without a session stopped; keeps its claims and its seal. */
  async mark(header: CheckpointHeader, ending: Ending): Promise<void> {
    const checkpoint = await this.load(header.id);
    const seal = checkpoint === undefined ? noSeal : sealIn(checkpoint);
    await this.save(checkpoint?.header ?? header, [...(checkpoint?.parts.values() ?? []), { ...ending, seal }]);
  }

  /** Changes the header of a download without a session. */
  async editHeader(id: string, change: (header: CheckpointHeader) => CheckpointHeader): Promise<void> {
    const checkpoint = await this.load(id);
    if (checkpoint !== undefined) {
      const state = checkpoint.state === undefined || checkpoint.torn ? [] : [checkpoint.state];
      await this.save(change(checkpoint.header), [...checkpoint.parts.values(), ...state]);
    }
  }

  async remove(id: string): Promise<void> {
    if (this.seen.has(id)) {
      await this.files.remove(id);
      this.seen.delete(id);
    }
  }

  private async write({ id }: CheckpointHeader, bytes: Buffer, durable: boolean): Promise<FileHandle> {
    this.seen.add(id);
    return this.files.write(id, bytes, durable);
  }

  private async loadOrSkip(id: string): Promise<StoredCheckpoint | undefined> {
    try {
      const changedMs = await this.changedMs(id);
      const checkpoint = await this.load(id);
      return checkpoint && { ...checkpoint, changedMs };
    } catch (error) {
      this.logger.log('warn', `checkpoint left alone, ${toAppError(error).message}: ${this.files.pathOf(id)}`);
      return undefined;
    }
  }
}

/** Whether the object has several parts, so that a download can be resumed. */
export function isOfParts(object: ObjectIdentity | undefined): boolean {
  return object?.sizeBytes !== undefined && object.sizeBytes > object.partSizeBytes;
}
