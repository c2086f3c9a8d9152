import { randomUUID } from 'node:crypto';
import { isAbsolute } from 'node:path';
import type { Event } from '../../base/emitter.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import { Turns } from '../../base/async.ts';
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
import { BatchWishes } from './batchWishes.ts';
import type { BatchAction } from './batchWishes.ts';

const lookMs = 1000;

/** Sole owner of the states of this window's batches; see `BatchService` for what the calls mean. */
export class BatchManager {
  private readonly tools: BatchTools;
  readonly onDidChange: Event<BatchSnapshot>;
  readonly onDidRemove: Event<string>;
  private readonly registry: Registry<Batch, BatchSnapshot>;
  private readonly sessions: BatchSessions;
  private readonly closing = new AbortController();
  private readonly wishes: BatchWishes;
  private timer: NodeJS.Timeout | undefined;
  private readonly looks = new Turns();

  constructor(tools: BatchTools) {
    this.tools = tools;
    this.registry = new Registry<Batch, BatchSnapshot>('batch');
    this.sessions = new BatchSessions(this.registry, tools);
    this.onDidChange = this.registry.onDidChange;
    this.onDidRemove = this.registry.onDidRemove;
    const own = (): ReadonlySet<string> =>
      new Set(
        this.registry
          .all()
          .filter(({ isBusy }) => isBusy)
          .map(({ id }) => id),
      );
    this.wishes = new BatchWishes(tools, own, ({ id, action }) => this[action](id));
  }

  /** Reads the records of earlier sessions, and begins to look at those of other windows. @throws AppError `disk/*` */
  async load(): Promise<void> {
    await this.tools.store.prepare();
    await this.look();
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
    this.timer = setInterval(() => {
      this.look().catch((error: unknown) => this.warn(error));
    }, lookMs);
    this.wishes.start();
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
      await (isOthers(batch) ? this.askOwner(batch, 'pause') : this.sessions.stop(batch, 'pause'));
    });
  }

  async cancel(id: string): Promise<void> {
    await this.registry.inTurn(id, async (batch) => {
      if (isOthers(batch) && (await this.askOwner(batch, 'cancel'))) {
        return;
      }
      await this.sessions.stop(batch, 'cancel');
      await this.sessions.underLease(batch, async () => {
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
    clearInterval(this.timer);
    this.closing.abort(new BatchStop('shutdown'));
    await Promise.all([this.looks.settled(), this.wishes.stop(), this.sessions.shutdown()]);
  }

  /**
   * @returns false where no other window is at it any more @throws AppError `download/ownedElsewhere` when that window
   * does not answer
   */
  private async askOwner(batch: Batch, action: BatchAction): Promise<boolean> {
    return this.wishes.ask(
      batch.ledger.header,
      action,
      async () => {
        await this.look();
        return this.registry.find(batch.id) !== batch ? 'gone' : batch.isRemote ? 'elsewhere' : 'here';
      },
      this.closing.signal,
    );
  }

  /**
   * Takes over what other windows have left, or are just doing. One look at a time: an older one must not be applied
   * after a newer one.
   */
  private async look(): Promise<void> {
    await this.looks.run(() => this.lookOnce());
  }

  private async lookOnce(): Promise<void> {
    const { store, leases } = this.tools;
    const ids = await store.ids();
    for (const batch of this.registry.all()) {
      if (!ids.has(batch.id) && !batch.isBusy) {
        this.registry.remove(batch);
      }
    }
    for (const id of ids) {
      const batch = this.registry.find(id);
      // What halted here may have been at work elsewhere and come to another end, quicker than one could see.
      const recordMs = batch?.isBusy === true ? batch.recordMs : await store.changedMs(id);
      // Who begins one anew that is finished writes that down first.
      const isDone = batch?.isFinished === true && recordMs === batch.recordMs;
      const isHeld = batch?.isBusy !== true && !isDone && (await leases.isHeld(store.pathOf(id)));
      if (batch === undefined || isHeld || batch.isRemote || recordMs !== batch.recordMs) {
        await this.read(id, isHeld, recordMs);
      }
    }
  }

  private async read(id: string, isRemote: boolean, recordMs: number | undefined): Promise<void> {
    const ledger = await this.tools.store.load(id);
    const batch = this.registry.find(id) ?? (ledger === undefined ? undefined : this.batchOf(ledger));
    // it may have been begun here while one read
    if (ledger !== undefined && batch?.isBusy === false) {
      batch.show(ledger, isRemote);
      batch.recordMs = recordMs;
      this.registry.add(batch);
      this.registry.notify(batch);
    }
  }

  private batchOf(ledger: BatchLedger): Batch {
    return new Batch(ledger, this.tools.engine, this.registry.notify);
  }

  private warn(error: unknown): void {
    const { code, message } = toAppError(error);
    this.tools.logger.log('warn', `batch: ${code}, ${message}`);
  }
}

/** Another window is at it, and this one is not about to be. */
function isOthers({ isRemote, isBusy }: Batch): boolean {
  return isRemote && !isBusy;
}
