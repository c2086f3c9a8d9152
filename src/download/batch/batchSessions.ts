import { toAppError } from '../../base/errors.ts';
import { isActive } from '../downloadState.ts';
import type { Lease } from '../windows/lease.ts';
import { BatchStop } from './batch.ts';
import type { Batch } from './batch.ts';
import type { BatchLedger } from './batchLedger.ts';
import type { WindowSync } from '../windows/windowSync.ts';
import { BatchItems } from './batchItems.ts';
import type { BatchSnapshot } from '../batchModel.ts';
import type { StateLine } from './batchRecord.ts';
import type { Registry } from '../queue/registry.ts';
import { BatchRun } from './batchRun.ts';
import type { BatchOutcome } from './batchRun.ts';
import type { BatchJournal } from './batchStore.ts';
import type { BatchTools } from './batchTools.ts';

/** Progress is told at most four times a second. */
const tickMs = 250;

/** What other windows may ask of a batch. */
export type BatchAction = 'pause' | 'cancel';

/** What keeps batches in step with those of other windows. */
export type BatchSync = WindowSync<Batch, BatchLedger, BatchLedger, BatchAction>;

/** Runs the batches of this process, each under the lease of its record, and moves their states. */
export class BatchSessions {
  private readonly registry: Registry<Batch, BatchSnapshot>;
  private readonly tools: BatchTools;
  private readonly sync: BatchSync;

  constructor(registry: Registry<Batch, BatchSnapshot>, sync: BatchSync, tools: BatchTools) {
    this.registry = registry;
    this.sync = sync;
    this.tools = tools;
  }

  /** Begins a session. @throws AppError `download/ownedElsewhere`, `disk/*` */
  async start(batch: Batch): Promise<void> {
    const { store } = this.tools;
    const lease = await this.sync.acquire(batch);
    try {
      // another window may have gone on with it since it was read
      batch.reclaim((await store.load(batch.id)) ?? batch.ledger);
      // and its last downloads may not have shown yet: none is to be begun a second time
      await this.tools.engine.look();
      const journal = await store.open(batch.ledger);
      await journal.append({ t: 'state', state: 'running' });
      const controller = new AbortController();
      const signal = AbortSignal.any([controller.signal, lease.lost]);
      const items = new BatchItems(batch.ledger, journal, this.tools, signal);
      batch.session = { controller, items, done: this.session(batch, lease, journal, items, signal) };
      batch.moveTo({ kind: 'running' });
    } catch (error) {
      await this.sync.release(batch, lease);
      throw error;
    }
  }

  /** Ends the session of a batch, if there is one. Resolves when its state says so. */
  async stop(batch: Batch, how: BatchStop['how']): Promise<void> {
    batch.session?.controller.abort(new BatchStop(how));
    await batch.session?.done;
  }

  /** To be called when a download that was resumed by itself has completed: the record is to know. */
  async settleLate(batch: Batch): Promise<void> {
    if (batch.session !== undefined) {
      return;
    }
    await this.sync.underLease(batch, async () => {
      const journal = await this.tools.store.open(batch.ledger);
      const items = new BatchItems(batch.ledger, journal, this.tools, AbortSignal.abort());
      await items.settled();
      items.dispose();
      await journal.close();
    });
    this.registry.notify(batch);
  }

  /** Leaves every batch that is running `interrupted`. */
  async shutdown(): Promise<void> {
    await Promise.all(this.registry.all().map((batch) => this.stop(batch, 'shutdown')));
  }

  /** One session, from its beginning to the state that it leaves. Never rejects. */
  private async session(
    batch: Batch,
    lease: Lease,
    journal: BatchJournal,
    items: BatchItems,
    signal: AbortSignal,
  ): Promise<void> {
    const ticker = setInterval(() => {
      batch.sample(this.tools.clock.steadyMs());
    }, tickMs);
    let outcome: BatchOutcome = { kind: 'stopped' };
    try {
      outcome = await new BatchRun(batch.ledger, journal, items, this.tools).run(signal);
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
      await this.sync.release(batch, lease).catch((error: unknown) => this.warn(error));
      batch.session = undefined;
      const isInterrupted = signal.aborted && !(signal.reason instanceof BatchStop && signal.reason.how !== 'shutdown');
      batch.moveTo(isInterrupted ? { kind: 'interrupted' } : stateAfter(outcome));
    }
  }

  /** Brings the downloads to where the batch is to stand. @returns what the record is to say of it */
  private async settle(outcome: BatchOutcome, items: BatchItems, signal: AbortSignal): Promise<StateLine | undefined> {
    const { engine } = this.tools;
    const how = signal.reason instanceof BatchStop ? signal.reason.how : undefined;
    if (how === 'pause') {
      await items.each(
        ({ state }) => isActive(state),
        (id) => engine.pause(id),
      );
    }
    await items.settled();
    if (outcome.kind === 'stopped') {
      return signal.aborted && how !== 'pause' ? undefined : { t: 'state', state: 'paused' };
    }
    return outcome.kind === 'failed'
      ? { t: 'state', state: 'failed', code: outcome.error.code }
      : { t: 'state', state: 'finished' };
  }

  private warn(error: unknown): void {
    const { code, message } = toAppError(error);
    this.tools.logger.log('warn', `batch: ${code}, ${message}`);
  }
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
