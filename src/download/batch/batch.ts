import { Task } from '../queue/task.ts';
import type { BatchItems } from './batchItems.ts';
import type { BatchLedger } from './batchLedger.ts';
import type { BatchSnapshot, BatchState } from '../batchModel.ts';
import type { Lookahead } from './batchListing.ts';
import type { DownloadSnapshot } from '../model.ts';

/** A session that is running, or ending. */
export interface RunningBatch {
  /** Objects that are listed and not taken yet. */
  readonly lookahead: Lookahead;
  /** Objects of the session that failed. */
  readonly failed: number;
  /** To be called after every change of a download of the batch. */
  onChanged(download: DownloadSnapshot, previous: DownloadSnapshot | undefined): void;
  onRemoved(download: DownloadSnapshot): void;
  /** Resolves when the session has ended, and the state says so. */
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

  /** Never: another window may try again what failed. */
  get isFinal(): boolean {
    return false;
  }

  /** Another window runs it, and its record stands like this. */
  applyRemoteStatus(ledger: BatchLedger): void {
    this.ledger = ledger;
    this.state = { kind: 'running' };
    this.setRemote(0);
  }

  /** Shows it as its record says: no other window runs it. */
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
