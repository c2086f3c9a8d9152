import { randomUUID } from 'node:crypto';
import { isAbsolute } from 'node:path';
import type { Event } from '../../base/emitter.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import { isFinal } from '../downloadState.ts';
import type { DownloadSnapshot } from '../model.ts';
import { discardOwnParts } from '../files/partPath.ts';
import { Batch } from './batch.ts';
import { BatchLedger } from './batchLedger.ts';
import { canResumeBatch, isBatchDone } from '../batchModel.ts';
import type { BatchRequest, BatchSnapshot, BatchReport } from '../batchModel.ts';
import { newBatchHeader } from './batchRecord.ts';
import { Registry } from '../queue/registry.ts';
import { batchReport } from './batchReport.ts';
import { BatchItems } from './batchItems.ts';
import { BatchSession, recordCompleted } from './batchSession.ts';
import type { BatchDeps } from './batchDeps.ts';
import { WindowSync } from '../windows/windowSync.ts';
import type { BatchAction, BatchSync } from './batchSession.ts';

/** Sole owner of the states of this window's batches; see `BatchService` for the calls. */
export class BatchManager {
  private readonly deps: BatchDeps;
  readonly onDidChange: Event<BatchSnapshot>;
  readonly onDidRemove: Event<string>;
  private readonly registry = new Registry<Batch, BatchSnapshot>('batch');
  private readonly sync: BatchSync;
  /** Downloads by batch id, also of batches that are not in the list yet. */
  private readonly items = new Map<string, BatchItems>();
  private readonly closing = new AbortController();

  constructor(deps: BatchDeps) {
    this.deps = deps;
    this.sync = new WindowSync<Batch, BatchLedger, BatchLedger, BatchAction>(
      {
        list: this.registry,
        store: deps.store,
        leasePath: ({ id }) => deps.store.pathOf(id),
        adopt: (ledger) => this.batchOf(ledger),
        publish: () => Promise.resolve(), // the lease of a batch shows which window runs it
        remote: (ids) => this.remoteLedgers(ids),
        actions: ['pause', 'cancel'],
        perform: ({ id, action }) => this[action](id),
      },
      deps,
      this.closing.signal,
    );
    this.onDidChange = this.registry.onDidChange;
    this.onDidRemove = this.registry.onDidRemove;
  }

  /** Reads the records of earlier sessions, and starts to poll those of other windows. @throws AppError `disk/*` */
  async load(): Promise<void> {
    await this.deps.store.prepare();
    const { engine } = this.deps;
    engine.downloads.forEach((download) => this.onDownloadChanged(download));
    engine.onDidChange((download) => this.onDownloadChanged(download));
    engine.onDidRemove((id) => this.onDownloadRemoved(id));
    this.registry.onDidRemove((id) => this.forgetItems(id));
    await this.sync.start();
  }

  /** Oldest first. */
  get batches(): readonly BatchSnapshot[] {
    return this.registry.all().map((batch) => batch.snapshot());
  }

  /** @throws AppError `input/invalidPath`, `disk/*` */
  async add(request: BatchRequest): Promise<string> {
    const { sources, folder } = request;
    if (!isAbsolute(folder)) {
      throw new AppError('input/invalidPath', `a batch needs an absolute path: ${folder}`, {
        details: { subject: folder },
      });
    }
    const id = randomUUID();
    const header = newBatchHeader({
      ...request,
      id,
      createdMs: this.deps.clock.wallMs(),
      sources: sources.map((source) => ({ ...source, into: [...source.into] })),
    });
    await this.deps.store.create(header);
    this.registry.add(this.batchOf(new BatchLedger(header)));
    await this.resume(id);
    return id;
  }

  async resume(id: string): Promise<void> {
    await this.registry.inTurn(id, async (batch) => {
      if (batch.session === undefined && canResumeBatch(batch.snapshot())) {
        await BatchSession.start(batch, this.itemsOf(id), this.sync, this.deps);
      }
    });
  }

  async pause(id: string): Promise<void> {
    await this.registry.inTurn(id, async (batch) => {
      await (batch.isRemote ? this.sync.askOwner(batch, 'pause') : batch.session?.stop('pause'));
    });
  }

  async cancel(id: string): Promise<void> {
    await this.registry.inTurn(id, async (batch) => {
      if (batch.isRemote && (await this.sync.askOwner(batch, 'cancel'))) {
        return;
      }
      await batch.session?.stop('cancel');
      await this.sync.underLease(batch, async () => {
        const { engine, store } = this.deps;
        await Promise.all(
          this.itemsOf(id)
            .all()
            .map((download) => (isFinal(download.state) ? engine.remove(download.id) : engine.cancel(download.id))),
        );
        await discardOwnParts(batch.ledger.pending.map(({ path }) => path));
        await store.remove(id);
      });
      this.registry.remove(batch);
    });
  }

  /** @throws AppError `internal` for an unfinished batch, or one with failures */
  async remove(id: string): Promise<void> {
    await this.registry.inTurn(id, async (batch) => {
      if (!isBatchDone(batch.snapshot())) {
        throw new AppError(
          'internal',
          `only a finished batch can be removed from the list: ${batch.ledger.header.label}`,
        );
      }
      await this.deps.store.remove(id);
      this.registry.remove(batch);
    });
  }

  /** Returns the counts so far, and the failed and skipped objects. @throws AppError `download/notFound` */
  report(id: string): BatchReport {
    const batch = this.registry.require(id);
    return batchReport(batch.snapshot(), batch.ledger, this.itemsOf(id).all());
  }

  /** Stops the sessions; the engine stops the downloads. */
  async shutdown(): Promise<void> {
    this.closing.abort();
    await Promise.all([this.sync.stop(), ...this.registry.all().map(({ session }) => session?.stop('shutdown'))]);
  }

  /** Reads the records of the batches that other windows run. */
  private async remoteLedgers(ids: readonly string[]): Promise<ReadonlyMap<string, BatchLedger>> {
    const { store, leases } = this.deps;
    const held = await leases.held(ids.map((id) => store.pathOf(id)));
    const ledgers = new Map<string, BatchLedger>();
    for (const id of ids.filter((each) => held.has(store.pathOf(each)))) {
      const ledger = await store.load(id);
      if (ledger !== undefined) {
        ledgers.set(id, ledger);
      }
    }
    return ledgers;
  }

  private batchOf(ledger: BatchLedger): Batch {
    return new Batch(ledger, this.itemsOf(ledger.header.id), this.registry.notify);
  }

  private itemsOf(id: string): BatchItems {
    const items = this.items.get(id) ?? new BatchItems();
    this.items.set(id, items);
    return items;
  }

  private onDownloadChanged(download: DownloadSnapshot): void {
    if (download.batch === undefined) {
      return;
    }
    const previous = this.itemsOf(download.batch).set(download);
    const batch = this.registry.find(download.batch);
    if (batch?.session !== undefined) {
      batch.session.onChanged(download, previous);
    } else if (batch?.isRemote === false && download.state.kind === 'completed') {
      this.recordCompleted(batch).catch((error: unknown) => this.warn(error));
    }
  }

  private onDownloadRemoved(downloadId: string): void {
    for (const [id, items] of this.items) {
      const download = items.remove(downloadId);
      if (download !== undefined) {
        this.registry.find(id)?.session?.onRemoved(download);
        this.forgetItems(id);
      }
    }
  }

  private forgetItems(id: string): void {
    if (this.registry.find(id) === undefined && this.items.get(id)?.isEmpty === true) {
      this.items.delete(id);
    }
  }

  /** Records a download that completed without a session of its batch. */
  private async recordCompleted({ id }: Batch): Promise<void> {
    await this.registry.inTurn(id, async (batch) => {
      if (batch.session === undefined) {
        await recordCompleted(batch, this.itemsOf(id), this.sync, this.deps);
        this.registry.notify(batch);
      }
    });
  }

  private warn(error: unknown): void {
    const { code, message } = toAppError(error);
    this.deps.logger.log('warn', `batch: ${code}, ${message}`);
  }
}
