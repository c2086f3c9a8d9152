import { defined } from '../../base/defined.ts';
import type { Disposable } from '../../base/disposable.ts';
import { raceAbort } from '../../base/abort.ts';
import { deferred } from '../../base/async.ts';
import type { Deferred } from '../../base/async.ts';
import { AppError, fromErrorRecord, toAppError } from '../../base/errors.ts';
import { canResume, isActive } from '../downloadState.ts';
import type { DownloadSnapshot } from '../model.ts';
import { failureOf } from './batchRecord.ts';
import type { Ahead } from './batchListing.ts';
import { knownOf } from './batchLedger.ts';
import type { BatchLedger } from './batchLedger.ts';
import type { TakeLine } from './batchRecord.ts';
import type { BatchJournal } from './batchStore.ts';
import type { BatchTools } from './batchTools.ts';

const lookAgainMs = 1000;
/** So many objects go into the record with one write. */
const takenTogether = 16;

/**
 * The downloads of a batch that the engine has just now. What completes is noted in the record and forgotten by the
 * engine, so that its checkpoint does not stay in the list.
 */
export class BatchItems implements Disposable {
  onSettled: (path: string) => void = () => undefined;
  private readonly ledger: BatchLedger;
  private readonly journal: BatchJournal;
  private readonly tools: BatchTools;
  private readonly signal: AbortSignal;
  private readonly subscriptions: readonly Disposable[];
  /** By id. */
  private readonly downloads = new Map<string, DownloadSnapshot>();
  /** What the engine would not even take, by number. */
  private readonly refused = new Map<number, AppError>();
  private readonly settling = new Set<Promise<void>>();
  /** Taken, and not handed over yet. */
  private readonly taken: TakeLine[] = [];
  private moved: Deferred<undefined> = deferred();
  lastFailure: AppError | undefined;
  ahead: Ahead = { objects: 0, bytes: 0, isAll: false };

  /** @param signal of the session: when it is aborted, nothing is begun any more */
  constructor(ledger: BatchLedger, journal: BatchJournal, tools: BatchTools, signal: AbortSignal) {
    this.signal = signal;
    this.ledger = ledger;
    this.journal = journal;
    this.tools = tools;
    for (const download of tools.engine.downloads) {
      this.see(download);
    }
    this.subscriptions = [
      tools.engine.onDidChange((download) => this.follow(download)),
      tools.engine.onDidRemove((id) => this.lose(id)),
    ];
  }

  dispose(): void {
    this.subscriptions.forEach((subscription) => subscription.dispose());
  }

  /** Queued, running or waiting, what is about to go on, and what is being written down. */
  get active(): number {
    return (
      this.taken.length +
      this.count(({ state }) => isActive(state) || state.kind === 'interrupted' || state.kind === 'completed')
    );
  }

  get failed(): number {
    return this.count(({ state }) => state.kind === 'failed') + this.refused.size;
  }

  /** Paused one by one. */
  get halted(): number {
    return this.count(({ state }) => state.kind === 'paused');
  }

  /** Whether some wait for the network. */
  get isWaiting(): boolean {
    return this.count(({ state }) => state.kind === 'waiting' && state.reason === 'network') > 0;
  }

  /** Waits until `condition` holds, which is looked at after every change. @throws `signal.reason` when aborted */
  async until(condition: () => boolean, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (!condition()) {
      await this.handOver();
      if (condition()) {
        return;
      }
      await raceAbort(this.moved.promise, signal);
    }
  }

  /**
   * Takes an object for the engine, which gets it now or together with others: see `handOver`. @throws AppError
   * `disk/*` of the record
   */
  async begin(item: TakeLine): Promise<void> {
    this.journal.note(item);
    this.taken.push(item);
    if (this.taken.length >= takenTogether) {
      await this.handOver();
    }
  }

  /**
   * Hands over to the engine what was taken: to be called before a wait. It is in the record before. @throws AppError
   * `disk/*` of the record
   */
  async handOver(): Promise<void> {
    const items = this.taken.splice(0); // what cannot be written down is not handed over later, either
    if (items.length > 0) {
      await this.journal.append();
    }
    for (const item of items) {
      await this.add(item);
    }
  }

  /** For an object that no path can be found for: it counts as failed, and the others go on. */
  async refuse(item: TakeLine, error: AppError): Promise<void> {
    await this.journal.append({ ...item, refused: error.code, failed: failureOf(error) });
    this.fail(item, error);
  }

  /** Goes on with what was handed over earlier: by the engine's own checkpoint where there is one, else anew. */
  async goOn(item: TakeLine): Promise<void> {
    const { engine } = this.tools;
    const download = [...this.downloads.values()].find(({ path }) => path === item.path);
    if (download === undefined) {
      await this.add(item);
    } else if (
      canResume(download.state) &&
      !(download.state.kind === 'failed' && download.state.error.code === 'object/changed')
    ) {
      await engine.resume(download.id);
    } else if (download.state.kind === 'failed') {
      await engine.restart(download.id);
    }
  }

  /** Does something to every download of the batch that the engine has. */
  async each(matching: (download: DownloadSnapshot) => boolean, act: (id: string) => Promise<void>): Promise<void> {
    await Promise.all([...this.downloads.values()].filter(matching).map(({ id }) => act(id)));
    await this.settled();
  }

  /** Resolves when all that has completed is written down. */
  async settled(): Promise<void> {
    await Promise.all(this.settling);
  }

  private async add(item: TakeLine): Promise<void> {
    const known = knownOf(item);
    try {
      const id = await this.tools.engine.add({
        source: { kind: 'oss', object: this.ledger.refOf(item) },
        path: item.path,
        overwrite: item.overwrite,
        batch: this.ledger.header.id,
        preserveModified: this.ledger.header.preserveModified,
        ...defined({ known }),
      });
      if (!this.downloads.has(id)) {
        throw new AppError('disk/targetExists', `another download writes to this path: ${item.path}`, {
          details: { subject: item.path },
        });
      }
      this.refused.delete(item.n);
    } catch (error) {
      const failure = toAppError(error);
      this.fail(item, failure);
      if (this.ledger.pendingAt(item.path)?.n === item.n) {
        await this.journal.append({ ...item, failed: failureOf(failure) });
      }
    }
    this.tell();
  }

  private fail(item: TakeLine, error: AppError): void {
    this.lastFailure = error;
    this.tools.logger.log('error', `download not begun, ${error.code}, ${error.message}: ${item.key}`);
    this.refused.set(item.n, error);
    this.tell();
  }

  /** As `see`, for what happens while one watches: why a download failed is written down, for the engine forgets it. */
  private follow(download: DownloadSnapshot): void {
    const { state, path } = download;
    const item = download.batch === this.ledger.header.id ? this.ledger.pendingAt(path) : undefined;
    if (item !== undefined && state.kind === 'failed' && this.downloads.get(download.id)?.state.kind !== 'failed') {
      this.track(
        this.journal
          .append({ ...item, failed: failureOf(state.error) })
          .catch((error: unknown) => this.warn(error, path)),
      );
    }
    this.see(download);
  }

  private see(download: DownloadSnapshot): void {
    if (download.batch !== this.ledger.header.id) {
      return;
    }
    const isNews = this.downloads.get(download.id)?.state.kind !== 'completed';
    this.downloads.set(download.id, download);
    if (download.state.kind === 'failed') {
      this.lastFailure = fromErrorRecord(download.state.error);
    } else if (download.state.kind === 'interrupted') {
      void this.goOnSoon(download.id);
    } else if (download.state.kind === 'completed' && isNews) {
      this.track(
        this.settle(download).catch((error: unknown) => {
          this.lastFailure = toAppError(error);
          this.warn(error, download.path);
          this.downloads.delete(download.id); // nobody waits for it any more; the next session finds it completed
          this.tell();
        }),
      );
    }
    this.tell();
  }

  private track(writing: Promise<void>): void {
    this.settling.add(writing);
    void writing.finally(() => this.settling.delete(writing));
  }

  private warn(error: unknown, path: string): void {
    this.tools.logger.log('error', `the record of a batch could not be written, ${toAppError(error).message}: ${path}`);
  }

  /** Another window is at it, perhaps one that is just closing; or the user is just cancelling it. */
  private async goOnSoon(id: string): Promise<void> {
    try {
      await this.tools.clock.delay(lookAgainMs, this.signal);
      if (this.downloads.get(id)?.state.kind === 'interrupted') {
        await this.tools.engine.resume(id);
      }
    } catch (error) {
      this.tools.logger.log('debug', `not gone on with, ${toAppError(error).message}: ${id}`);
    }
  }

  /** Its file stands there: first the record says so, then the engine forgets it. */
  private async settle({ id, path, bytesTotal, bytesDone }: DownloadSnapshot): Promise<void> {
    const item = this.ledger.pendingAt(path);
    if (item !== undefined) {
      await this.journal.appendSoon({ t: 'done', n: item.n, size: bytesTotal ?? bytesDone });
      this.onSettled(path);
    }
    await this.tools.engine.remove(id);
  }

  /** Removed from the engine's list: as finished by us, or cancelled by the user. */
  private lose(id: string): void {
    const download = this.downloads.get(id);
    if (download === undefined) {
      return;
    }
    this.downloads.delete(id);
    const item = this.ledger.pendingAt(download.path);
    if (item !== undefined && download.state.kind !== 'completed') {
      this.onSettled(download.path);
      this.journal.append({ t: 'drop', n: item.n }).catch((error: unknown) => this.warn(error, download.path));
    }
    this.tell();
  }

  private tell(): void {
    const { moved } = this;
    this.moved = deferred();
    moved.resolve(undefined);
  }

  private count(matches: (download: DownloadSnapshot) => boolean): number {
    let count = 0; // without an array: this is asked several times for each object
    for (const download of this.downloads.values()) {
      count += matches(download) ? 1 : 0;
    }
    return count;
  }
}
