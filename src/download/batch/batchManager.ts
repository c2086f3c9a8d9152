import { randomUUID } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { Emitter, type Event } from '../../base/emitter.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import { isActive, isFinal } from '../downloadState.ts';
import type { Lease } from '../lease.ts';
import { BatchEntry, BatchStop } from './batchEntry.ts';
import { BatchItems } from './batchItems.ts';
import { BatchLedger } from './batchLedger.ts';
import { type BatchRequest, type BatchSnapshot, canBatchGoOn, isBatchDone } from './batchModel.ts';
import { newBatchHeader, type StateLine } from './batchRecord.ts';
import { type BatchOutcome, BatchRun } from './batchRun.ts';
import { type BatchReport, batchReport } from './batchReport.ts';
import type { BatchJournal } from './batchStore.ts';
import type { BatchTools } from './batchTools.ts';
import { type BatchAction, BatchWishes } from './batchWishes.ts';

/** Progress is told at most four times a second. */
const tickMs = 250;
const lookMs = 1000;

/** Sole owner of the states of this window's batches; see `BatchService` for what the calls mean. */
export class BatchManager {
  private readonly tools: BatchTools;
  private readonly entries = new Map<string, BatchEntry>();
  private readonly changed = new Emitter<BatchSnapshot>();
  private readonly removed = new Emitter<string>();
  private readonly closing = new AbortController();
  private readonly wishes: BatchWishes;
  private timer: NodeJS.Timeout | undefined;
  private looking = Promise.resolve();

  readonly onDidChange: Event<BatchSnapshot> = this.changed.event;
  readonly onDidRemove: Event<string> = this.removed.event;

  constructor(tools: BatchTools) {
    this.tools = tools;
    const own = (): ReadonlySet<string> => new Set([...this.entries.values()].filter(({ isBusy }) => isBusy).map(({ id }) => id));
    this.wishes = new BatchWishes(tools, own, ({ id, action }) => this[action](id));
  }

  /** Reads the records of earlier sessions, and begins to look at those of other windows. @throws AppError `disk/*` */
  async load(): Promise<void> {
    await this.look();
    this.tools.engine.onDidChange((download) => {
      const entry = this.entries.get(download.batch ?? '');
      if (entry !== undefined && download.state.kind === 'completed' && entry.session === undefined && !entry.isElsewhere) {
        this.inTurn(entry.id, () => this.settleLate(entry)).catch((error: unknown) => this.warn(error));
      }
    });
    this.timer = setInterval(() => {
      this.look().catch((error: unknown) => this.warn(error));
    }, lookMs);
    this.wishes.start();
  }

  /** Oldest first. */
  get batches(): readonly BatchSnapshot[] {
    return [...this.entries.values()].map((entry) => entry.snapshot(this.tools.engine));
  }

  /** @throws AppError `input/invalidPath`, `disk/*` */
  async add(request: BatchRequest): Promise<string> {
    const { sources, folder } = request;
    if (!isAbsolute(folder)) {
      throw new AppError('input/invalidPath', `a batch needs an absolute path: ${folder}`, { details: { subject: folder } });
    }
    const id = randomUUID();
    const header = newBatchHeader({ ...request, id, createdMs: this.tools.clock.wallMs(), sources: sources.map((source) => ({ ...source, into: [...source.into] })) });
    await this.tools.store.create(header);
    this.entries.set(id, new BatchEntry(new BatchLedger(header)));
    await this.resume(id);
    return id;
  }

  async resume(id: string): Promise<void> {
    await this.inTurn(id, async (entry) => {
      if (entry.session === undefined && canBatchGoOn(entry.snapshot(this.tools.engine))) {
        await this.start(entry);
      }
    });
  }

  async pause(id: string): Promise<void> {
    await this.inTurn(id, async (entry) => {
      await (isOthers(entry) ? this.askOwner(entry, 'pause') : this.stop(entry, 'pause'));
    });
  }

  async cancel(id: string): Promise<void> {
    await this.inTurn(id, async (entry) => {
      if (isOthers(entry) && (await this.askOwner(entry, 'cancel'))) {
        return;
      }
      await this.stop(entry, 'cancel');
      await this.underLease(entry, async () => {
        const { engine, store } = this.tools;
        const own = engine.downloads.filter(({ batch }) => batch === id);
        await Promise.all(own.map((download) => (isFinal(download.state) ? engine.remove(download.id) : engine.cancel(download.id))));
        await store.remove(id);
      });
      this.forget(entry);
    });
  }

  /** @throws AppError `internal` for a batch that is not finished, or of which something failed */
  async remove(id: string): Promise<void> {
    await this.inTurn(id, async (entry) => {
      if (!isBatchDone(entry.snapshot(this.tools.engine))) {
        throw new AppError('internal', `only a finished batch can be removed from the list: ${entry.ledger.header.label}`);
      }
      await this.tools.store.remove(id);
      this.forget(entry);
    });
  }

  /** What the batch came to so far. @throws AppError `download/notFound` */
  report(id: string): BatchReport {
    const entry = this.require(id);
    return batchReport(entry.snapshot(this.tools.engine), entry.ledger, this.tools.engine.downloads.filter(({ batch }) => batch === id));
  }

  /** Hands nothing over any more. The downloads themselves are the engine's to stop. */
  async shutdown(): Promise<void> {
    clearInterval(this.timer);
    this.closing.abort(new BatchStop('shutdown'));
    await Promise.all([this.looking, this.wishes.stop(), ...[...this.entries.values()].map((entry) => this.stop(entry, 'shutdown'))]);
  }

  private async start(entry: BatchEntry): Promise<void> {
    const { store } = this.tools;
    const lease = await this.acquire(entry);
    try {
      // another window may have gone on with it since it was read
      entry.show((await store.load(entry.id)) ?? entry.ledger, false);
      // and its last downloads may not have shown yet: none is to be begun a second time
      await this.tools.engine.look();
      const journal = await store.open(entry.ledger);
      await journal.append({ t: 'state', state: 'running' });
      const controller = new AbortController();
      const signal = AbortSignal.any([controller.signal, lease.lost]);
      const items = new BatchItems(entry.ledger, journal, this.tools, signal);
      entry.moveTo({ kind: 'running' });
      entry.session = { controller, items, done: this.session(entry, lease, journal, items, signal) };
      this.tell(entry);
    } catch (error) {
      await this.release(entry, lease);
      throw error;
    }
  }

  /** One session, from its beginning to the state that it leaves. Never rejects. */
  private async session(entry: BatchEntry, lease: Lease, journal: BatchJournal, items: BatchItems, signal: AbortSignal): Promise<void> {
    const ticker = setInterval(() => {
      entry.sampleRate(this.tools.clock.steadyMs(), this.tools.engine);
      this.tell(entry);
    }, tickMs);
    let outcome: BatchOutcome = { kind: 'stopped' };
    try {
      outcome = await new BatchRun(entry.ledger, journal, items, this.tools).run(signal);
      const line = await this.settle(outcome, items, signal);
      if (line !== undefined) {
        await journal.append(line);
        await journal.sync();
      }
    } catch (error) {
      this.warn(error);
    } finally {
      clearInterval(ticker);
      items.dispose();
      await journal.close().catch((error: unknown) => this.warn(error));
      await this.release(entry, lease).catch((error: unknown) => this.warn(error));
      entry.session = undefined;
      const isInterrupted = signal.aborted && !(signal.reason instanceof BatchStop && signal.reason.how !== 'shutdown');
      entry.moveTo(isInterrupted ? { kind: 'interrupted' } : stateAfter(outcome));
      this.tell(entry);
    }
  }

  /** Brings the downloads to where the batch is to stand. @returns what the record is to say of it */
  private async settle(outcome: BatchOutcome, items: BatchItems, signal: AbortSignal): Promise<StateLine | undefined> {
    const { engine } = this.tools;
    const how = signal.reason instanceof BatchStop ? signal.reason.how : undefined;
    if (how === 'pause') {
      await items.each(({ state }) => isActive(state), (id) => engine.pause(id));
    }
    await items.settled();
    if (outcome.kind === 'stopped') {
      return signal.aborted && how !== 'pause' ? undefined : { t: 'state', state: 'paused' };
    }
    return outcome.kind === 'failed' ? { t: 'state', state: 'failed', code: outcome.error.code } : { t: 'state', state: 'finished' };
  }

  private async stop(entry: BatchEntry, how: BatchStop['how']): Promise<void> {
    entry.session?.controller.abort(new BatchStop(how));
    await entry.session?.done;
  }

  /** @returns false where no other window is at it any more @throws AppError `download/ownedElsewhere` when that window does not answer */
  private async askOwner(entry: BatchEntry, action: BatchAction): Promise<boolean> {
    return this.wishes.ask(entry.ledger.header, action, async () => {
      await this.look();
      return this.entries.get(entry.id) !== entry ? 'gone' : entry.isElsewhere ? 'elsewhere' : 'here';
    }, this.closing.signal);
  }

  /** A download that was resumed by itself has completed: the record is to know. */
  private async settleLate(entry: BatchEntry): Promise<void> {
    if (entry.session !== undefined) {
      return;
    }
    await this.underLease(entry, async () => {
      const journal = await this.tools.store.open(entry.ledger);
      const items = new BatchItems(entry.ledger, journal, this.tools, AbortSignal.abort());
      await items.settled();
      items.dispose();
      await journal.close();
    });
    this.tell(entry);
  }

  /** Takes over what other windows have left, or are just doing. One look at a time: an older one must not be applied after a newer one. */
  private async look(): Promise<void> {
    const done = this.looking.then(() => this.lookOnce());
    this.looking = done.catch(() => undefined);
    await done;
  }

  private async lookOnce(): Promise<void> {
    const { store, leases } = this.tools;
    const ids = new Set(await store.ids());
    for (const entry of this.entries.values()) {
      if (!ids.has(entry.id) && !entry.isBusy) {
        this.forget(entry);
      }
    }
    for (const id of ids) {
      const entry = this.entries.get(id);
      const isHeld = entry?.isBusy !== true && (await leases.isHeld(store.pathOf(id)));
      // What halted here may have been at work elsewhere and come to another end, quicker than one could see.
      const recordMs = entry?.isBusy === true ? entry.recordMs : await store.changedMs(id);
      if (entry === undefined || isHeld || entry.isElsewhere || recordMs !== entry.recordMs) {
        await this.read(id, isHeld, recordMs);
      }
    }
  }

  private async read(id: string, isElsewhere: boolean, recordMs: number | undefined): Promise<void> {
    const ledger = await this.tools.store.load(id);
    const entry = this.entries.get(id) ?? (ledger === undefined ? undefined : new BatchEntry(ledger));
    // it may have been begun here while one read
    if (ledger !== undefined && entry?.isBusy === false) {
      entry.show(ledger, isElsewhere);
      entry.recordMs = recordMs;
      this.entries.set(id, entry);
      this.tell(entry);
    }
  }

  private async underLease(entry: BatchEntry, change: () => Promise<void>): Promise<void> {
    const lease = await this.acquire(entry);
    try {
      await change();
    } finally {
      await this.release(entry, lease);
    }
  }

  /** @throws AppError `download/ownedElsewhere` */
  private async acquire(entry: BatchEntry): Promise<Lease> {
    entry.isBusy = true;
    try {
      return await this.tools.leases.acquire(this.tools.store.pathOf(entry.id), this.closing.signal);
    } catch (error) {
      entry.isBusy = false;
      throw error;
    }
  }

  private async release(entry: BatchEntry, lease: Lease): Promise<void> {
    entry.recordMs = await this.tools.store.changedMs(entry.id);
    entry.isBusy = false;
    await lease.release();
  }

  /** @throws AppError `download/notFound`, also when a call before this one has removed it */
  private async inTurn(id: string, call: (entry: BatchEntry) => Promise<void>): Promise<void> {
    await this.require(id).inTurn(() => call(this.require(id)));
  }

  private require(id: string): BatchEntry {
    const entry = this.entries.get(id);
    if (entry === undefined) {
      throw new AppError('download/notFound', `no such batch: ${id}`);
    }
    return entry;
  }

  private tell(entry: BatchEntry): void {
    if (this.entries.has(entry.id)) {
      this.changed.fire(entry.snapshot(this.tools.engine));
    }
  }

  private forget(entry: BatchEntry): void {
    if (this.entries.delete(entry.id)) {
      this.removed.fire(entry.id);
    }
  }

  private warn(error: unknown): void {
    const { code, message } = toAppError(error);
    this.tools.logger.log('warn', `batch: ${code}, ${message}`);
  }
}

/** Another window is at it, and this one is not about to be. */
function isOthers({ isElsewhere, isBusy }: BatchEntry): boolean {
  return isElsewhere && !isBusy;
}

function stateAfter(outcome: BatchOutcome): BatchSnapshot['state'] {
  switch (outcome.kind) {
    case 'finished':
      return { kind: 'finished' };
    case 'stopped':
      return { kind: 'paused' };
    case 'failed':
      return { kind: 'failed', error: outcome.error };
  }
}
