import { defined } from '../../base/defined.ts';
import { Turns } from '../../base/async.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { labelOf } from '../checkpoint/checkpointHeader.ts';
import type { CheckpointHeader } from '../checkpoint/checkpointHeader.ts';
import { isFinal, reduce } from '../downloadState.ts';
import type { DownloadEvent, DownloadState } from '../downloadState.ts';
import type { DownloadSnapshot } from '../model.ts';
import type { ActiveStatus } from '../windows/otherWindows.ts';
import { RateMeter, remainingMs } from './rateMeter.ts';
import type { DownloadObserver } from '../transfer/transfer.ts';

/** A session that is running, or ending. */
export interface RunningSession {
  readonly controller: AbortController;
  /** Settles when the outcome is known and the state says so. Never rejects. */
  readonly done: Promise<void>;
}

/** One download of the manager: its state, and the numbers behind its snapshot. */
export class DownloadEntry implements DownloadObserver {
  header: CheckpointHeader;
  /** The complete URL, where only this process knows it. */
  url: string | undefined;
  /** How often in a row it has waited for the network without a byte in between. */
  networkWaits = 0;
  /** How often it has found its object not restored yet. */
  restoreWaits = 0;
  session: RunningSession | undefined;
  /** Whether no session of it has begun yet, in this process or another. */
  isNew = true;
  /** As in `DownloadSnapshot`. */
  idleSinceMs: number | undefined;
  private current: DownloadState;
  private bytesDone = 0;
  private bytesTotal: number | undefined;
  private meter = new RateMeter();
  /** Set while another window is at it: the rate that it tells. */
  private rateElsewhere: number | undefined;
  private readonly turns = new Turns();
  private readonly onState: (entry: DownloadEntry) => void;

  constructor(
    header: CheckpointHeader,
    url: string | undefined,
    state: DownloadState,
    onState: (entry: DownloadEntry) => void,
  ) {
    this.header = header;
    this.url = url;
    this.current = state;
    this.bytesTotal = header.object?.sizeBytes ?? header.known?.sizeBytes;
    this.onState = onState;
  }

  static fromCheckpoint(checkpoint: Checkpoint, onState: (entry: DownloadEntry) => void): DownloadEntry {
    const entry = new DownloadEntry(checkpoint.header, undefined, stateOf(checkpoint), onState);
    entry.isNew = false;
    entry.bytesDone = entry.current.kind === 'completed' ? (entry.bytesTotal ?? 0) : claimedBytes(checkpoint);
    return entry;
  }

  get state(): DownloadState {
    return this.current;
  }

  /** Runs the calls on this download one after the other, so that none finds it half-way between two states. */
  async inTurn(call: () => Promise<void>): Promise<void> {
    await this.turns.run(call);
  }

  /** Another window is at it; what is shown is what that one tells. */
  get isElsewhere(): boolean {
    return this.rateElsewhere !== undefined;
  }

  showElsewhere({ state, bytesDone, bytesTotal, bytesPerSecond }: ActiveStatus): void {
    this.current = state;
    this.bytesDone = bytesDone;
    this.bytesTotal = bytesTotal;
    this.rateElsewhere = bytesPerSecond;
    this.idleSinceMs = undefined;
  }

  /** Whether the checkpoint says plainly that it ended in another way than is known here. */
  endedOtherwise(checkpoint: Checkpoint): boolean {
    const recorded = stateOf(checkpoint).kind;
    return recorded !== 'interrupted' && recorded !== this.current.kind;
  }

  /** No window is at it any more. */
  showCheckpoint(checkpoint: Checkpoint): void {
    const { current, bytesDone, bytesTotal, header } = DownloadEntry.fromCheckpoint(checkpoint, this.onState);
    this.current = current;
    this.bytesDone = bytesDone;
    this.bytesTotal = bytesTotal;
    this.header = header;
    this.rateElsewhere = undefined;
  }

  /** Moves the state, and says so where it moved. */
  dispatch(event: DownloadEvent): void {
    this.rateElsewhere = undefined;
    const next = reduce(this.current, event);
    if (next !== this.current) {
      this.current = next;
      this.idleSinceMs = undefined;
      this.meter = new RateMeter();
      this.onState(this);
    }
  }

  onPhase(phase: 'checking' | 'transferring' | 'verifying'): void {
    this.dispatch({ type: 'phase', phase });
  }

  onSize(bytesTotal: number | undefined, bytesDone: number): void {
    this.bytesTotal = bytesTotal;
    this.bytesDone = bytesDone;
  }

  onBytes(bytes: number): void {
    this.bytesDone += bytes;
    this.networkWaits = 0;
  }

  /** Nothing is on disk any more, and nothing is known of the object. */
  forgetBytes(): void {
    const { id, createdMs, source, path, overwrite, awaitRestore, batch, preserveModified } = this.header;
    this.header = { id, createdMs, source, path, overwrite, ...defined({ awaitRestore, batch, preserveModified }) };
    this.bytesDone = 0;
    this.bytesTotal = undefined;
  }

  /** Size of the whole object, where it is known. */
  get knownBytes(): number | undefined {
    return this.bytesTotal;
  }

  /**
   * Whether there was a network once: bytes have arrived, or a listing has named it. Else a wrong address is more
   * likely.
   */
  get hadNetwork(): boolean {
    return this.bytesDone > 0 || this.header.batch !== undefined;
  }

  /** To be called a few times a second while a session runs. */
  sampleRate(nowMs: number): void {
    this.meter.sample(nowMs, this.bytesDone);
  }

  snapshot(): DownloadSnapshot {
    const { id, path, source, batch } = this.header;
    const bytesPerSecond = this.rateElsewhere ?? (this.current.kind === 'running' ? this.meter.bytesPerSecond : 0);
    const left =
      this.bytesTotal === undefined ? undefined : remainingMs(this.bytesTotal - this.bytesDone, bytesPerSecond);
    return {
      id,
      label: labelOf(source),
      path,
      ...defined({ batch }),
      state: this.current,
      bytesDone: this.bytesDone,
      bytesPerSecond,
      ...(this.idleSinceMs === undefined || isFinal(this.current) ? {} : { idleSinceMs: this.idleSinceMs }),
      ...defined({ bytesTotal: this.bytesTotal, remainingMs: left }),
    };
  }
}

/** How a download stands that an earlier session left. */
function stateOf({ state }: Checkpoint): DownloadState {
  switch (state?.kind) {
    case 'finished':
      return { kind: 'completed', verified: state.verified };
    case 'failed': {
      const error = {
        code: state.code,
        message: `failed in an earlier session: ${state.code}`,
        retryable: false,
        details: {},
      };
      return { kind: 'failed', error, canResume: state.canResume };
    }
    case 'stopped':
      return { kind: state.reason };
    default:
      return { kind: 'interrupted' };
  }
}

function claimedBytes({ parts }: Checkpoint): number {
  return [...parts.values()].reduce((sum, part) => sum + part.bytesDone, 0);
}
