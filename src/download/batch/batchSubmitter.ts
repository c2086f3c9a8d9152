import { raceAbort } from '../../base/abort.ts';
import { defined } from '../../base/defined.ts';
import { AppError, fromErrorRecord, toAppError } from '../../base/errors.ts';
import { canResume, isActive } from '../downloadState.ts';
import type { DownloadSnapshot } from '../model.ts';
import type { BatchItems } from './batchItems.ts';
import { knownOf } from './batchLedger.ts';
import type { BatchLedger } from './batchLedger.ts';
import { failureOf } from './batchRecord.ts';
import type { TakeLine } from './batchRecord.ts';
import type { BatchJournal } from './batchStore.ts';
import type { BatchDeps } from './batchDeps.ts';

const resumeAfterMs = 1000;
/** Number of objects that are recorded with one write. */
const submittedTogether = 16;

/** Batch with an open record. */
export interface OpenBatch {
  readonly ledger: BatchLedger;
  readonly journal: BatchJournal;
  readonly items: BatchItems;
}

/**
 * Submits the objects of a batch to the engine, and records their results. Removes completed downloads from the engine,
 * with their checkpoints, once they are recorded.
 */
export class BatchSubmitter {
  private readonly ledger: BatchLedger;
  private readonly journal: BatchJournal;
  private readonly items: BatchItems;
  private readonly deps: BatchDeps;
  private readonly onReleased: (path: string) => void;
  private readonly signal: AbortSignal;
  /** Errors of objects that the engine did not accept, by number. */
  private readonly rejected = new Map<number, AppError>();
  private readonly writing = new Set<Promise<void>>();
  /** Objects to record and submit together. */
  private readonly pending: TakeLine[] = [];
  private failure: AppError | undefined;

  /**
   * @param onReleased called with the path of an object that is finished or dropped
   * @param signal     of the session: nothing is started after its abort
   */
  constructor(batch: OpenBatch, deps: BatchDeps, onReleased: (path: string) => void, signal: AbortSignal) {
    this.ledger = batch.ledger;
    this.journal = batch.journal;
    this.items = batch.items;
    this.deps = deps;
    this.onReleased = onReleased;
    this.signal = signal;
    this.items.all().forEach((download) => this.follow(download));
  }

  /** Number of downloads that are pending, active, about to resume, or being recorded. */
  get active(): number {
    return (
      this.pending.length +
      this.items.count(({ state }) => isActive(state) || state.kind === 'interrupted' || state.kind === 'completed')
    );
  }

  get failed(): number {
    return this.items.failed + this.rejected.size;
  }

  get lastFailure(): AppError | undefined {
    return this.failure;
  }

  /** Waits until `condition` holds; checks it after every change. @throws `signal.reason` when aborted */
  async until(condition: () => boolean): Promise<void> {
    this.signal.throwIfAborted();
    while (!condition()) {
      await this.submit();
      if (condition()) {
        return;
      }
      await raceAbort(this.items.nextChange, this.signal);
    }
  }

  /** Submits an object, now or together with others: see `submit`. @throws AppError `disk/*` of the record */
  async add(item: TakeLine): Promise<void> {
    this.journal.note(item);
    this.pending.push(item);
    if (this.pending.length >= submittedTogether) {
      await this.submit();
    }
  }

  /**
   * Records and submits the added objects: to be called before a wait.
   *
   * @throws AppError `disk/*` of the record
   */
  async submit(): Promise<void> {
    const items = this.pending.splice(0); // objects that cannot be recorded are never submitted
    if (items.length > 0) {
      await this.journal.append();
    }
    for (const item of items) {
      await this.submitOne(item);
    }
  }

  /** Records an object without a valid path as failed. @throws AppError `disk/*` of the record */
  async reject(item: TakeLine, error: AppError): Promise<void> {
    await this.journal.append({ ...item, refused: error.code, failed: failureOf(error) });
    this.onRejected(item, error);
  }

  /** Continues a submitted object: from its checkpoint if there is one, otherwise from the start. */
  async resume(item: TakeLine): Promise<void> {
    const { engine } = this.deps;
    const download = this.items.all().find(({ path }) => path === item.path);
    if (download === undefined) {
      await this.submitOne(item);
    } else if (
      canResume(download.state) &&
      !(download.state.kind === 'failed' && download.state.error.code === 'object/changed')
    ) {
      await engine.resume(download.id);
    } else if (download.state.kind === 'failed') {
      await engine.restart(download.id);
    }
  }

  /** Pauses every download of the batch. */
  async pauseAll(): Promise<void> {
    const active = this.items.all().filter(({ state }) => isActive(state));
    await Promise.all(active.map(({ id }) => this.deps.engine.pause(id)));
  }

  /** Resolves when all results so far are recorded. */
  async settled(): Promise<void> {
    await Promise.all(this.writing);
  }

  /** Handles a change of a download. @param previous its snapshot before, if any */
  onChanged(download: DownloadSnapshot, previous: DownloadSnapshot | undefined): void {
    const { state, path } = download;
    const item = this.ledger.pendingAt(path);
    if (item !== undefined && state.kind === 'failed' && previous?.state.kind !== 'failed') {
      // Records the cause: after a restart the engine knows only the code.
      this.write(this.journal.append({ ...item, failed: failureOf(state.error) }), path);
    }
    if (previous?.state.kind !== 'completed') {
      this.follow(download);
    }
  }

  /** Handles a download removed from the engine: completed and recorded, or cancelled by the user. */
  onRemoved({ path, state }: DownloadSnapshot): void {
    const item = this.ledger.pendingAt(path);
    if (item !== undefined && state.kind !== 'completed') {
      this.onReleased(path);
      this.write(this.journal.append({ t: 'drop', n: item.n }), path);
    }
  }

  private follow(download: DownloadSnapshot): void {
    switch (download.state.kind) {
      case 'failed':
        this.failure = fromErrorRecord(download.state.error);
        return;
      case 'interrupted':
        void this.resumeLater(download.id);
        return;
      case 'completed':
        this.write(this.onCompleted(download), download.path, () => {
          this.items.remove(download.id); // stop waiting for it; the next session finds it completed
        });
        return;
      default:
        return;
    }
  }

  private async submitOne(item: TakeLine): Promise<void> {
    try {
      const { id: batch, preserveModified } = this.ledger.header;
      const id = await this.deps.engine.add({
        source: { kind: 'oss', object: this.ledger.refOf(item) },
        path: item.path,
        overwrite: item.overwrite,
        batch,
        preserveModified,
        ...defined({ known: knownOf(item) }),
      });
      if (this.items.find(id) === undefined) {
        throw new AppError('disk/targetExists', `another download writes to this path: ${item.path}`, {
          details: { subject: item.path },
        });
      }
      this.rejected.delete(item.n);
      this.items.notify();
    } catch (error) {
      const failure = toAppError(error);
      this.onRejected(item, failure);
      if (this.ledger.pendingAt(item.path)?.n === item.n) {
        await this.journal.append({ ...item, failed: failureOf(failure) });
      }
    }
  }

  private onRejected(item: TakeLine, error: AppError): void {
    this.failure = error;
    this.deps.logger.log('error', `download not begun, ${error.code}, ${error.message}: ${item.key}`);
    this.rejected.set(item.n, error);
    this.items.notify();
  }

  /** Records the completion before the engine forgets the download. */
  private async onCompleted({ id, path, bytesTotal, bytesDone }: DownloadSnapshot): Promise<void> {
    const item = this.ledger.pendingAt(path);
    if (item !== undefined) {
      await this.journal.appendSoon({ t: 'done', n: item.n, size: bytesTotal ?? bytesDone });
      this.onReleased(path);
    }
    await this.deps.engine.remove(id);
  }

  /** Resumes an interrupted download later: a closing window may still own it, or the user may be cancelling it. */
  private async resumeLater(id: string): Promise<void> {
    try {
      await this.deps.clock.delay(resumeAfterMs, this.signal);
      if (this.items.find(id)?.state.kind === 'interrupted') {
        await this.deps.engine.resume(id);
      }
    } catch (error) {
      this.deps.logger.log('debug', `not resumed, ${toAppError(error).message}: ${id}`);
    }
  }

  /** Tracks a write in the background, until `settled`. */
  private write(writing: Promise<void>, path: string, onFailed: () => void = () => undefined): void {
    const followed = writing.catch((error: unknown) => {
      this.failure = toAppError(error);
      this.deps.logger.log('error', `the record of a batch could not be written, ${this.failure.message}: ${path}`);
      onFailed();
    });
    this.writing.add(followed);
    void followed.finally(() => this.writing.delete(followed));
  }
}
