import { toAppError } from '../../base/errors.ts';
import type { Lease } from '../windows/lease.ts';
import type { WindowSync } from '../windows/windowSync.ts';
import type { Batch, RunningBatch } from './batch.ts';
import type { BatchItems } from './batchItems.ts';
import type { BatchLedger } from './batchLedger.ts';
import type { Lookahead } from './batchListing.ts';
import type { BatchState } from '../batchModel.ts';
import type { StateLine } from './batchRecord.ts';
import { BatchRun } from './batchRun.ts';
import type { BatchOutcome } from './batchRun.ts';
import { BatchSubmitter } from './batchSubmitter.ts';
import type { BatchJournal } from './batchStore.ts';
import type { BatchDeps } from './batchDeps.ts';
import type { DownloadSnapshot } from '../model.ts';

/** Progress is delivered at most four times a second. */
const tickMs = 250;

/** Actions that other windows may request of a batch. */
export type BatchAction = 'pause' | 'cancel';

/** Synchronizes batches with other windows. */
export type BatchSync = WindowSync<Batch, BatchLedger, BatchLedger, BatchAction>;

/** `reason` of the signal that ends a session. */
class BatchStop extends Error {
  override readonly name = 'AbortError';
  readonly how: BatchAction | 'shutdown';

  constructor(how: BatchStop['how']) {
    super(`batch asked to stop: ${how}`);
    this.how = how;
  }
}

/** Session of a batch, under the lease of its record, from its start to its final state. */
export class BatchSession implements RunningBatch {
  private readonly batch: Batch;
  private readonly deps: BatchDeps;
  private readonly journal: BatchJournal;
  private readonly run: BatchRun;
  private readonly stopping = new AbortController();
  private readonly signal: AbortSignal;
  private isClosed = false;
  /** Resolves when the session has ended and the state is updated. Never rejects. */
  private readonly done: Promise<void>;

  /** @throws AppError `download/ownedElsewhere`, `disk/*` */
  static async start(batch: Batch, items: BatchItems, sync: BatchSync, deps: BatchDeps): Promise<void> {
    const lease = await sync.acquire(batch);
    try {
      // Another window may have continued it since it was read ...
      batch.reclaim((await deps.store.load(batch.id)) ?? batch.ledger);
      // ... and its last downloads may be unknown here yet: none must start twice.
      await deps.engine.poll();
      const journal = await deps.store.open(batch.ledger);
      await journal.append({ t: 'state', state: 'running' });
      batch.session = new BatchSession(batch, items, journal, lease, sync, deps);
      batch.moveTo({ kind: 'running' });
    } catch (error) {
      await sync.release(batch, lease);
      throw error;
    }
  }

  private constructor(
    batch: Batch,
    items: BatchItems,
    journal: BatchJournal,
    lease: Lease,
    sync: BatchSync,
    deps: BatchDeps,
  ) {
    this.batch = batch;
    this.deps = deps;
    this.journal = journal;
    this.signal = AbortSignal.any([this.stopping.signal, lease.lost]);
    this.run = new BatchRun({ ledger: batch.ledger, journal, items }, deps, this.signal);
    this.done = this.runToEnd().then(async (state) => {
      await this.attempt(() => sync.release(batch, lease));
      batch.session = undefined;
      batch.moveTo(state);
    });
  }

  get lookahead(): Lookahead {
    return this.run.lookahead;
  }

  get failed(): number {
    return this.run.submitter.failed;
  }

  /** Resolves when the session has ended and the state is updated. */
  async stop(how: BatchStop['how']): Promise<void> {
    this.stopping.abort(new BatchStop(how));
    await this.done;
  }

  onChanged(download: DownloadSnapshot, previous: DownloadSnapshot | undefined): void {
    if (!this.isClosed) {
      this.run.submitter.onChanged(download, previous);
    }
  }

  onRemoved(download: DownloadSnapshot): void {
    if (!this.isClosed) {
      this.run.submitter.onRemoved(download);
    }
  }

  private get how(): BatchStop['how'] | undefined {
    return this.signal.reason instanceof BatchStop ? this.signal.reason.how : undefined;
  }

  private async runToEnd(): Promise<BatchState> {
    const ticker = setInterval(() => this.batch.sample(this.deps.clock.steadyMs()), tickMs);
    const outcome = await this.run.run();
    await this.attempt(() => this.record(outcome));
    clearInterval(ticker);
    this.isClosed = true;
    await this.attempt(() => this.journal.close());
    const isInterrupted = this.signal.aborted && (this.how === undefined || this.how === 'shutdown');
    return isInterrupted ? { kind: 'interrupted' } : stateAfter(outcome);
  }

  /** Pauses the downloads of a paused batch, and records the outcome. */
  private async record(outcome: BatchOutcome): Promise<void> {
    if (this.how === 'pause') {
      await this.run.submitter.pauseAll();
    }
    await this.run.submitter.settled();
    const isUndecided = outcome.kind === 'stopped' && this.signal.aborted && this.how !== 'pause';
    if (!isUndecided) {
      await this.journal.append(lineAfter(outcome));
      await this.journal.sync();
    }
  }

  private async attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      const { code, message } = toAppError(error);
      this.deps.logger.log('warn', `batch: ${code}, ${message}`);
    }
  }
}

/**
 * Records downloads that completed without a session of their batch.
 * @throws AppError `download/ownedElsewhere`, `disk/*`
 */
export async function recordCompleted(
  batch: Batch,
  items: BatchItems,
  sync: BatchSync,
  deps: BatchDeps,
): Promise<void> {
  await sync.underLease(batch, async () => {
    const journal = await deps.store.open(batch.ledger);
    const parts = { ledger: batch.ledger, journal, items };
    await new BatchSubmitter(parts, deps, () => undefined, AbortSignal.abort()).settled();
    await journal.close();
  });
}

function stateAfter(outcome: BatchOutcome): Exclude<BatchState, { kind: 'interrupted' }> {
  return outcome.kind === 'stopped' ? { kind: 'paused' } : outcome;
}

function lineAfter(outcome: BatchOutcome): StateLine {
  const state = stateAfter(outcome);
  return { t: 'state', state: state.kind, ...(state.kind === 'failed' ? { code: state.error.code } : {}) };
}
