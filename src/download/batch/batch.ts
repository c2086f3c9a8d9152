import { isFinal } from '../downloadState.ts';
import { Task } from '../queue/task.ts';
import type { BatchItems } from './batchItems.ts';
import type { BatchLedger } from './batchLedger.ts';
import type { BatchSnapshot, BatchState } from '../batchModel.ts';
import type { BatchEngine } from './batchTools.ts';

/** Why a session of a batch is to end: the `reason` of its signal. */
export class BatchStop extends Error {
  override readonly name = 'AbortError';
  readonly how: 'pause' | 'cancel' | 'shutdown';

  constructor(how: BatchStop['how']) {
    super(`batch asked to stop: ${how}`);
    this.how = how;
  }
}

/** A session that is running, or ending. */
export interface BatchSession {
  readonly controller: AbortController;
  readonly items: BatchItems;
  /** Settles when the outcome is known and the state says so. Never rejects. */
  readonly done: Promise<void>;
}

/** One batch of this window: its state, and the numbers behind its snapshot. */
export class Batch extends Task<BatchSnapshot> {
  ledger: BatchLedger;
  state: BatchState;
  session: BatchSession | undefined;
  private readonly engine: BatchEngine;

  constructor(ledger: BatchLedger, engine: BatchEngine, onChange: (task: Task<BatchSnapshot>) => void) {
    super(onChange);
    this.ledger = ledger;
    this.state = stateOf(ledger);
    this.engine = engine;
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
    const open = this.engine.downloads.filter(({ batch, state }) => batch === this.id && !isFinal(state));
    return open.reduce((sum, { bytesDone }) => sum + bytesDone, this.ledger.doneBytes);
  }

  snapshot(): BatchSnapshot {
    const { header, found, foundBytes, done, skipped, archived, isListed } = this.ledger;
    const bytesPerSecond = this.state.kind === 'running' ? this.bytesPerSecond : 0;
    const ahead = this.session?.items.ahead ?? { objects: 0, bytes: 0, isAll: false };
    return {
      id: header.id,
      label: header.label,
      folder: header.folder,
      state: this.state,
      isWaiting: bytesPerSecond === 0 && this.session?.items.isWaiting === true,
      isListed: isListed || ahead.isAll,
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
    if (this.session !== undefined) {
      return this.session.items.failed;
    }
    return this.state.kind === 'finished'
      ? this.ledger.pending.length
      : this.engine.downloads.filter(({ batch, state }) => batch === this.id && state.kind === 'failed').length;
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
