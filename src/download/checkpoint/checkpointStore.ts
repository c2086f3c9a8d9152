import { mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, toAppError } from '../../base/errors.ts';
import type { ErrorCode } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { decodeCheckpoint, encodeCheckpoint, recordSeed, sealIn } from './checkpoint.ts';
import type { Checkpoint, CheckpointRecord } from './checkpoint.ts';
import type { CheckpointHeader, ObjectIdentity } from './checkpointHeader.ts';
import { ignoring, onDisk, inFolder } from '../files/disk.ts';
import { Journal } from './checkpointWriter.ts';
import { noSeal } from '../files/fileSeal.ts';

const suffix = '.checkpoint';
const draftSuffix = `${suffix}.new`;
/** To write a draft takes milliseconds: one that is so old was left by a crash. */
const draftLeftMs = 60_000;

/** How a download came to a halt. */
export type Ending =
  | { readonly kind: 'stopped'; readonly reason: 'paused' | 'interrupted' }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly canResume: boolean };

/**
 * A checkpoint, and when it was last written as far as could be seen before it was read, in milliseconds since the
 * epoch.
 */
export interface StoredCheckpoint extends Checkpoint {
  readonly changedMs: number | undefined;
}

/** The folder of checkpoints: one file per download, named after its id. */
export class CheckpointStore {
  private readonly folder: string;
  private readonly logger: Logger;
  private readonly flushAfterMs: number;
  /** Ids of those that this process has written or read: of no other can it be asked to remove one. */
  private readonly seen = new Set<string>();

  /** @param flushAfterMs how long a claim may wait to be written together with others */
  constructor(folder: string, logger: Logger, flushAfterMs = 500) {
    this.folder = folder;
    this.logger = logger;
    this.flushAfterMs = flushAfterMs;
  }

  /**
   * All that can be read, oldest first. What cannot is left where it is and named in the log; what a crash left
   * half-written goes.
   */
  async loadAll(): Promise<StoredCheckpoint[]> {
    await onDisk(this.folder, () => mkdir(this.folder, { recursive: true }));
    await this.removeOldDrafts();
    const loaded = await Promise.all([...(await this.ids())].map((id) => this.loadOrSkip(id)));
    return loaded
      .filter((checkpoint) => checkpoint !== undefined)
      .sort((a, b) => a.header.createdMs - b.header.createdMs);
  }

  /** Of all downloads that have a checkpoint, readable or not. */
  async ids(): Promise<ReadonlySet<string>> {
    const names = await onDisk(this.folder, () => readdir(this.folder));
    return new Set(names.filter((name) => name.endsWith(suffix)).map((name) => name.slice(0, -suffix.length)));
  }

  /** When the checkpoint was last written, in milliseconds since the epoch; undefined when there is none. */
  async changedMs(id: string): Promise<number | undefined> {
    const path = this.pathOf(id);
    return (await onDisk(path, () => stat(path).catch(ignoring('ENOENT'))))?.mtimeMs;
  }

  /** @throws AppError `checkpoint/unreadable`, `checkpoint/newerVersion`, `disk/*`; undefined when there is none */
  async load(id: string): Promise<Checkpoint | undefined> {
    const path = this.pathOf(id);
    const bytes = await onDisk(path, () => readFile(path).catch(ignoring('ENOENT')));
    if (bytes === undefined) {
      return undefined;
    }
    this.seen.add(id);
    const checkpoint = decodeCheckpoint(bytes);
    if (checkpoint.header.id !== id) {
      throw new AppError('checkpoint/unreadable', `checkpoint belongs to another download: ${path}`);
    }
    return checkpoint;
  }

  /** Writes a checkpoint in place of the old one, in one step: a crash leaves either. */
  async save(header: CheckpointHeader, records: readonly CheckpointRecord[]): Promise<void> {
    const path = this.pathOf(header.id);
    const { handle } = await this.write(header, records, false);
    await onDisk(path, () => handle.close());
  }

  /**
   * Saves, and keeps the file open for the records of a session. What is fetched in one request is not worth a wait.
   */
  async start(header: CheckpointHeader, records: readonly CheckpointRecord[]): Promise<Journal> {
    const { handle, sizeBytes } = await this.write(header, records, isOfParts(header.object));
    return new Journal(this.pathOf(header.id), handle, recordSeed(header), sizeBytes, this.flushAfterMs);
  }

  /** Notes how a download stands that no session is running for; what it claims keeps its worth. */
  async mark(header: CheckpointHeader, ending: Ending): Promise<void> {
    const checkpoint = await this.load(header.id);
    const seal = checkpoint === undefined ? noSeal : sealIn(checkpoint);
    await this.save(checkpoint?.header ?? header, [...(checkpoint?.parts.values() ?? []), { ...ending, seal }]);
  }

  /** Changes the header of a download that no session is running for. */
  async editHeader(id: string, change: (header: CheckpointHeader) => CheckpointHeader): Promise<void> {
    const checkpoint = await this.load(id);
    if (checkpoint !== undefined) {
      const state = checkpoint.state === undefined || checkpoint.torn ? [] : [checkpoint.state];
      await this.save(change(checkpoint.header), [...checkpoint.parts.values(), ...state]);
    }
  }

  async remove(id: string): Promise<void> {
    if (this.seen.has(id)) {
      const path = this.pathOf(id);
      await onDisk(path, () => unlink(path).catch(ignoring('ENOENT')));
      this.seen.delete(id);
    }
  }

  /** @param durable whether it must survive a power cut, too; that takes some milliseconds */
  private async write(
    header: CheckpointHeader,
    records: readonly CheckpointRecord[],
    durable: boolean,
  ): Promise<{ readonly handle: FileHandle; readonly sizeBytes: number }> {
    const path = this.pathOf(header.id);
    this.seen.add(header.id);
    return onDisk(path, async () => {
      const draft = join(this.folder, `${header.id}${draftSuffix}`);
      const handle = await inFolder(this.folder, () => open(draft, 'w', 0o600));
      try {
        const bytes = encodeCheckpoint(header, records);
        await handle.writeFile(bytes);
        if (durable) {
          await handle.sync();
        }
        await rename(draft, path);
        return { handle, sizeBytes: bytes.length };
      } catch (error) {
        await handle.close();
        throw error;
      }
    });
  }

  private async removeOldDrafts(): Promise<void> {
    for (const name of await onDisk(this.folder, () => readdir(this.folder))) {
      const draft = join(this.folder, name);
      if (name.endsWith(draftSuffix) && (await writtenMs(draft)) < Date.now() - draftLeftMs) {
        await unlink(draft).catch(() => undefined); // the next start tries again
      }
    }
  }

  private async loadOrSkip(id: string): Promise<StoredCheckpoint | undefined> {
    try {
      const changedMs = await this.changedMs(id);
      const checkpoint = await this.load(id);
      return checkpoint && { ...checkpoint, changedMs };
    } catch (error) {
      this.logger.log('warn', `checkpoint left alone, ${toAppError(error).message}: ${this.pathOf(id)}`);
      return undefined;
    }
  }

  private pathOf(id: string): string {
    return join(this.folder, `${id}${suffix}`);
  }
}

/** Whether there will be anything to go on from. */
export function isOfParts(object: ObjectIdentity | undefined): boolean {
  return object?.sizeBytes !== undefined && object.sizeBytes > object.partSizeBytes;
}

async function writtenMs(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.mtimeMs ?? Infinity;
}
