import { randomUUID } from 'node:crypto';
import { isAbsolute } from 'node:path';
import type { Event } from '../../base/emitter.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import { isFinal } from '../downloadState.ts';
import { discardOwnParts } from '../files/partPath.ts';
import { Batch, BatchStop } from './batch.ts';
import { BatchLedger } from './batchLedger.ts';
import { canBatchGoOn, isBatchDone } from '../batchModel.ts';
import type { BatchRequest, BatchSnapshot, BatchReport } from '../batchModel.ts';
import { newBatchHeader } from './batchRecord.ts';
import { Registry } from '../queue/registry.ts';
import { batchReport } from './batchReport.ts';
import { BatchSessions } from './batchSessions.ts';
import type { BatchTools } from './batchTools.ts';
import { WindowSync } from '../windows/windowSync.ts';
import type { BatchAction, BatchSync } from './batchSessions.ts';

/** Sole owner of the states of this window's batches; see `BatchService` for what the calls mean. */
export class BatchManager {
  private readonly tools: BatchTools;
  readonly onDidChange: Event<BatchSnapshot>;
  readonly onDidRemove: Event<string>;
  private readonly registry = new Registry<Batch, BatchSnapshot>('batch');
  private readonly sync: BatchSync;
  private readonly sessions: BatchSessions;
  private readonly closing = new AbortController();

  constructor(tools: BatchTools) {
    this.tools = tools;
    this.sync = new WindowSync<Batch, BatchLedger, BatchLedger, BatchAction>(
      {
        list: this.registry,
        store: tools.store,
        leasePath: ({ id }) => tools.store.pathOf(id),
        adopt: (ledger) => this.batchOf(ledger),
        publish: () => Promise.resolve(), // its lease says which window runs a batch
        remote: (ids) => this.remoteLedgers(ids),
        actions: ['pause', 'cancel'],
        perform: ({ id, action }) => this[action](id),
      },
      tools,
      this.closing.signal,
    );
    this.sessions = new BatchSessions(this.registry, this.sync, tools);
    this.onDidChange = this.registry.onDidChange;
    this.onDidRemove = this.registry.onDidRemove;
  }

  /** Reads the records of earlier sessions, and begins to look at those of other windows. @throws AppError `disk/*` */
  async load(): Promise<void> {
    await this.tools.store.prepare();
    await this.sync.start();
    this.tools.engine.onDidChange((download) => {
      const batch = this.registry.find(download.batch ?? '');
      if (
        batch !== undefined &&
        download.state.kind === 'completed' &&
        batch.session === undefined &&
        !batch.isRemote
      ) {
        this.registry
          .inTurn(batch.id, () => this.sessions.settleLate(batch))
          .catch((error: unknown) => this.warn(error));
      }
    });
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
      createdMs: this.tools.clock.wallMs(),
      sources: sources.map((source) => ({ ...source, into: [...source.into] })),
    });
    await this.tools.store.create(header);
    this.registry.add(this.batchOf(new BatchLedger(header)));
    await this.resume(id);
    return id;
  }

  async resume(id: string): Promise<void> {
    await this.registry.inTurn(id, async (batch) => {
      if (batch.session === undefined && canBatchGoOn(batch.snapshot())) {
        await this.sessions.start(batch);
      }
    });
  }

  async pause(id: string): Promise<void> {
    await this.registry.inTurn(id, async (batch) => {
      await (batch.isRemote ? this.sync.askOwner(batch, 'pause') : this.sessions.stop(batch, 'pause'));
    });
  }

  async cancel(id: string): Promise<void> {
    await this.registry.inTurn(id, async (batch) => {
      if (batch.isRemote && (await this.sync.askOwner(batch, 'cancel'))) {
        return;
      }
      await this.sessions.stop(batch, 'cancel');
      await this.sync.underLease(batch, async () => {
        const { engine, store } = this.tools;
        const own = engine.downloads.filter(({ batch }) => batch === id);
        await Promise.all(
          own.map((download) => (isFinal(download.state) ? engine.remove(download.id) : engine.cancel(download.id))),
        );
        await discardOwnParts(batch.ledger.pending.map(({ path }) => path));
        await store.remove(id);
      });
      this.registry.remove(batch);
    });
  }

  /** @throws AppError `internal` for a batch that is not finished, or of which something failed */
  async remove(id: string): Promise<void> {
    await this.registry.inTurn(id, async (batch) => {
      if (!isBatchDone(batch.snapshot())) {
        throw new AppError(
          'internal',
          `only a finished batch can be removed from the list: ${batch.ledger.header.label}`,
        );
      }
      await this.tools.store.remove(id);
      this.registry.remove(batch);
    });
  }

  /** What the batch came to so far. @throws AppError `download/notFound` */
  report(id: string): BatchReport {
    const batch = this.registry.require(id);
    return batchReport(
      batch.snapshot(),
      batch.ledger,
      this.tools.engine.downloads.filter(({ batch }) => batch === id),
    );
  }

  /** Hands nothing over any more. The downloads themselves are the engine's to stop. */
  async shutdown(): Promise<void> {
    this.closing.abort(new BatchStop('shutdown'));
    await Promise.all([this.sync.stop(), this.sessions.shutdown()]);
  }

  /** The records of the batches that other windows run. */
  private async remoteLedgers(ids: readonly string[]): Promise<ReadonlyMap<string, BatchLedger>> {
    const { store, leases } = this.tools;
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
    return new Batch(ledger, this.tools.engine, this.registry.notify);
  }

  private warn(error: unknown): void {
    const { code, message } = toAppError(error);
    this.tools.logger.log('warn', `batch: ${code}, ${message}`);
  }
}
