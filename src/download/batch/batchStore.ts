import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { toAppError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { SerialQueue } from '../../base/async.ts';
import { onDisk } from '../files/disk.ts';
import { RecordFolder } from '../files/recordFolder.ts';
import { BatchLedger } from './batchLedger.ts';
import { decodeRecord, encodeLines, encodeRecord } from './batchRecord.ts';
import type { BatchHeader, BatchLine } from './batchRecord.ts';

/** A record that has grown by this much is rewritten with only the lines still needed. */
const condenseBytes = 4 * 1024 * 1024;
/** Delay of a line, to be written together with others. After a crash in between, a finished file is checked again. */
const gatherMs = 5;

/** Folder of batch records: one file per batch, named after its id. */
export class BatchStore {
  private readonly files: RecordFolder;
  private readonly logger: Logger;

  constructor(folder: string, logger: Logger) {
    this.files = new RecordFolder(folder, '.batch');
    this.logger = logger;
  }

  /** Creates the folder: to be awaited before `ids`. @throws AppError `disk/*` */
  async prepare(): Promise<void> {
    await this.files.prepare();
  }

  /** Ids of all records, readable or not. @throws AppError `disk/*` */
  async ids(): Promise<ReadonlySet<string>> {
    return this.files.ids();
  }

  /** Undefined if missing or unreadable: an unreadable record is kept, and logged. */
  async load(id: string): Promise<BatchLedger | undefined> {
    try {
      const record = await this.files.read(id);
      return record === undefined ? undefined : ledgerOf(record.toString());
    } catch (error) {
      this.logger.log('warn', `batch left alone, ${toAppError(error).message}: ${this.pathOf(id)}`);
      return undefined;
    }
  }

  /** As `RecordFolder.changedMs`. */
  async changedMs(id: string): Promise<number | undefined> {
    return this.files.changedMs(id);
  }

  /** Writes a new record. @throws AppError `disk/*` */
  async create(header: BatchHeader): Promise<void> {
    const handle = await this.write(header, []);
    await onDisk(this.pathOf(header.id), () => handle.close());
  }

  /** Opens a record for a session: rewrites it with only the lines still needed. */
  async open(ledger: BatchLedger): Promise<BatchJournal> {
    const rewrite = (): Promise<FileHandle> => this.write(ledger.header, ledger.condensed());
    return new BatchJournal(this.pathOf(ledger.header.id), ledger, rewrite, await rewrite());
  }

  async remove(id: string): Promise<void> {
    await this.files.remove(id);
  }

  /** Path of a record; also identifies the lease of the batch. */
  pathOf(id: string): string {
    return this.files.pathOf(id);
  }

  private async write(header: BatchHeader, lines: readonly BatchLine[]): Promise<FileHandle> {
    return this.files.write(header.id, Buffer.from(encodeRecord(header, lines)), true);
  }
}

/** Record open for appending, synchronized with its ledger. */
export class BatchJournal {
  private readonly path: string;
  private readonly ledger: BatchLedger;
  private readonly rewrite: () => Promise<FileHandle>;
  private handle: FileHandle;
  private bytes = 0;
  private readonly writes = new SerialQueue();
  private waiting: BatchLine[] = [];
  private readonly gathered: BatchLine[] = [];
  private gathering: Promise<void> | undefined;

  constructor(path: string, ledger: BatchLedger, rewrite: () => Promise<FileHandle>, handle: FileHandle) {
    this.path = path;
    this.ledger = ledger;
    this.rewrite = rewrite;
    this.handle = handle;
  }

  /**
   * Applies the lines and writes them; lines appended during a write are written together.
   * @throws AppError `disk/*`
   */
  async append(...lines: readonly BatchLine[]): Promise<void> {
    lines.forEach((line) => this.note(line));
    await this.writes.run(() => this.flush());
  }

  /** Applies a line that is written with the next `append`. */
  note(line: BatchLine): void {
    this.ledger.apply(line);
    this.waiting.push(line);
  }

  /** Appends a line after a short delay, together with others of that time. @throws AppError `disk/*` */
  async appendSoon(line: BatchLine): Promise<void> {
    this.gathered.push(line);
    this.gathering ??= sleep(gatherMs).then(() => {
      this.gathering = undefined;
      return this.append(...this.gathered.splice(0));
    });
    await this.gathering;
  }

  /** Syncs the record to the disk, so that it survives a power failure. */
  async sync(): Promise<void> {
    await this.writes.settled();
    await onDisk(this.path, () => this.handle.datasync());
  }

  async close(): Promise<void> {
    await this.gathering?.catch(() => undefined); // reported by `appendSoon`
    await this.writes.settled();
    await this.handle.close();
  }

  private async flush(): Promise<void> {
    const lines = this.waiting;
    this.waiting = [];
    if (lines.length === 0) {
      return;
    }
    await onDisk(this.path, async () => {
      const record = encodeLines(lines);
      this.bytes += Buffer.byteLength(record);
      if (this.bytes > condenseBytes) {
        // The ledger already contains these lines.
        await this.handle.close();
        this.waiting = [];
        this.bytes = 0;
        this.handle = await this.rewrite();
      } else {
        await this.handle.appendFile(record);
      }
    });
  }
}

function ledgerOf(record: string): BatchLedger {
  const { header, lines } = decodeRecord(record);
  const ledger = new BatchLedger(header);
  lines.forEach((line) => ledger.apply(line));
  return ledger;
}
