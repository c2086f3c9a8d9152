import { Task } from '../queue/task.ts';
import type { BatchItems } from './batchItems.ts';
import type { BatchLedger } from './batchLedger.ts';
import type { BatchSnapshot, BatchState } from '../batchModel.ts';
import type { Lookahead } from './batchListing.ts';
import type { DownloadSnapshot } from '../model.ts';

/** Session that is running or ending. */
export interface RunningBatch {
  /** Objects that are listed and not submitted yet. */
  readonly lookahead: Lookahead;
  /** Number of failed objects. */
  readonly failed: number;
  /** Handles a change of a download of the batch. */
  onChanged(download: DownloadSnapshot, previous: DownloadSnapshot | undefined): void;
  onRemoved(download: DownloadSnapshot): void;
  /** Resolves when the session has ended and the state is updated. */
  stop(how: 'pause' | 'cancel' | 'shutdown'): Promise<void>;
}

/** One batch of this window: its state, and the numbers behind its snapshot. */
export class Batch extends Task<BatchSnapshot> {
  ledger: BatchLedger;
  state: BatchState;
  session: RunningBatch | undefined;
  private readonly items: BatchItems;

  constructor(ledger: BatchLedger, items: BatchItems, onChange: (task: Task<BatchSnapshot>) => void) {
    super(onChange);
    this.ledger = ledger;
    this.state = stateOf(ledger);
    this.items = items;
  }

  get id(): string {
    return this.ledger.header.id;
  }

  get subject(): string {
    return this.ledger.header.label;
  }

  get isOwn(): boolean {
    return this.session !== undefined;
  }

  /** Always false: another window may retry the failed objects. */
  get isFinal(): boolean {
    return false;
  }

  /** Shows the record of the window that runs it. */
  applyRemoteStatus(ledger: BatchLedger): void {
    this.ledger = ledger;
    this.state = { kind: 'running' };
    this.setRemote(0);
  }

  /** Shows the state of its record: no window runs it. */
  reclaim(ledger: BatchLedger): void {
    this.ledger = ledger;
    this.state = stateOf(ledger);
    this.setRemote(undefined);
  }

  moveTo(state: BatchState): void {
    this.state = state;
    this.resetRate();
    this.changed();
  }

  get bytesDone(): number {
    return this.ledger.doneBytes + this.items.bytesDone;
  }

  snapshot(): BatchSnapshot {
    const { header, found, foundBytes, done, skipped, archived, isListed } = this.ledger;
    const bytesPerSecond = this.state.kind === 'running' ? this.bytesPerSecond : 0;
    const ahead = this.session?.lookahead ?? { objects: 0, bytes: 0, isLast: false };
    return {
      kind: 'batch',
      id: header.id,
      label: header.label,
      folder: header.folder,
      state: this.state,
      isWaiting: bytesPerSecond === 0 && this.session !== undefined && this.items.isWaiting,
      isListed: isListed || ahead.isLast,
      found: found + ahead.objects,
      foundBytes: foundBytes + ahead.bytes,
      done,
      bytesDone: this.bytesDone,
      failed: this.failed,
      skipped,
      archived,
      bytesPerSecond,
    };
  }

  private get failed(): number {
    return this.session?.failed ?? (this.state.kind === 'finished' ? this.ledger.pending.length : this.items.failed);
  }
}

function stateOf({ lastState }: BatchLedger): BatchState {
  switch (lastState.state) {
    case 'running':
      return { kind: 'interrupted' };
    case 'failed': {
      const { code = 'internal' } = lastState;
      return {
        kind: 'failed',
        error: { code, message: `failed in an earlier session: ${code}`, retryable: false, details: {} },
      };
    }
    default:
      return { kind: lastState.state };
  }
}
