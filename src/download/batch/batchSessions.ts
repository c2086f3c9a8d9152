import { toAppError } from '../../base/errors.ts';
import { isActive } from '../downloadState.ts';
import type { Lease } from '../windows/lease.ts';
import { BatchStop } from './batch.ts';
import type { BatchEntry } from './batch.ts';
import { BatchItems } from './batchItems.ts';
import type { BatchSnapshot } from '../batchModel.ts';
import type { StateLine } from './batchRecord.ts';
import type { BatchRegistry } from './batchRegistry.ts';
import { BatchRun } from './batchRun.ts';
import type { BatchOutcome } from './batchRun.ts';
import type { BatchJournal } from './batchStore.ts';
import type { BatchTools } from './batchTools.ts';

/** Progress is told at most four times a second. */
const tickMs = 250;

/** Runs the batches of this process, each under the lease of its record, and moves their states. */
export class BatchSessions {
  private readonly registry: BatchRegistry;
  private readonly tools: BatchTools;
  private readonly closing = new AbortController();

  constructor(registry: BatchRegistry, tools: BatchTools) {
    this.registry = registry;
    this.tools = tools;
  }

  /** Begins a session. @throws AppError `download/ownedElsewhere`, `disk/*` */
  async start(entry: BatchEntry): Promise<void> {
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
      this.registry.tell(entry);
    } catch (error) {
      await this.release(entry, lease);
      throw error;
    }
  }

  /** Ends the session of a batch, if there is one. Resolves when its state says so. */
  async stop(entry: BatchEntry, how: BatchStop['how']): Promise<void> {
    entry.session?.controller.abort(new BatchStop(how));
    await entry.session?.done;
  }

  /** To be called when a download that was resumed by itself has completed: the record is to know. */
  async settleLate(entry: BatchEntry): Promise<void> {
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
    this.registry.tell(entry);
  }

  /** Changes what a batch has on disk while no session runs. @throws AppError `download/ownedElsewhere` */
  async underLease(entry: BatchEntry, change: () => Promise<void>): Promise<void> {
    const lease = await this.acquire(entry);
    try {
      await change();
    } finally {
      await this.release(entry, lease);
    }
  }

  /** Leaves every batch that is running `interrupted`. */
  async shutdown(): Promise<void> {
    this.closing.abort(new BatchStop('shutdown'));
    await Promise.all(this.registry.all().map((entry) => this.stop(entry, 'shutdown')));
  }

  /** One session, from its beginning to the state that it leaves. Never rejects. */
  private async session(
    entry: BatchEntry,
    lease: Lease,
    journal: BatchJournal,
    items: BatchItems,
    signal: AbortSignal,
  ): Promise<void> {
    const ticker = setInterval(() => {
      entry.sampleRate(this.tools.clock.steadyMs(), this.tools.engine);
      this.registry.tell(entry);
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
      this.registry.tell(entry);
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
    entry.recordMs = await this.tools.store.changedMs(entry.id).catch(() => undefined);
    entry.isBusy = false;
    await lease.release();
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
