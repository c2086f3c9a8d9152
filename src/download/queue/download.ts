import { defined } from '../../base/defined.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { labelOf } from '../checkpoint/checkpointHeader.ts';
import type { CheckpointHeader } from '../checkpoint/checkpointHeader.ts';
import { isActive, isFinal, reduce } from '../downloadState.ts';
import type { DownloadEvent, DownloadState } from '../downloadState.ts';
import type { DownloadSnapshot } from '../model.ts';
import type { ActiveStatus } from '../windows/otherWindows.ts';
import { remainingMs } from './rateMeter.ts';
import { Task } from './task.ts';
import { creditBytes } from '../transfer/retry.ts';
import type { DownloadObserver } from '../transfer/transfer.ts';

/** Handle of a session that is running or ending. */
export interface RunningSession {
  readonly controller: AbortController;
  /** Resolves when the outcome is known and the state is updated. Never rejects. */
  readonly done: Promise<void>;
}

/** One download of this window: its state, and the numbers behind its snapshot. */
export class Download extends Task<DownloadSnapshot> implements DownloadObserver {
  header: CheckpointHeader;
  /** Complete URL with its secrets; kept in memory only. */
  url: string | undefined;
  /** Number of waits for the network since bytes were kept that had not been there before. */
  networkWaits = 0;
  /** Most bytes that were there when the waits were last granted again. */
  private creditedBytes = 0;
  /** Number of attempts that found the object not restored yet. */
  restoreWaits = 0;
  session: RunningSession | undefined;
  /** Whether no session has started yet, in any process. */
  isNew = true;
  /** As in `DownloadSnapshot`. */
  idleSinceMs: number | undefined;
  private current: DownloadState;
  private receivedBytes = 0;
  private bytesTotal: number | undefined;

  constructor(
    header: CheckpointHeader,
    url: string | undefined,
    state: DownloadState,
    onChange: (task: Task<DownloadSnapshot>) => void,
  ) {
    super(onChange);
    this.header = header;
    this.url = url;
    this.current = state;
    this.bytesTotal = header.object?.sizeBytes ?? header.known?.sizeBytes;
  }

  static fromCheckpoint(checkpoint: Checkpoint, onChange: (task: Task<DownloadSnapshot>) => void): Download {
    const download = new Download(checkpoint.header, undefined, stateOf(checkpoint), onChange);
    download.isNew = false;
    download.receivedBytes = bytesIn(checkpoint);
    return download;
  }

  get id(): string {
    return this.header.id;
  }

  get bytesDone(): number {
    return this.receivedBytes;
  }

  get state(): DownloadState {
    return this.current;
  }

  get subject(): string {
    return this.header.path;
  }

  /** Whether this window runs it or has it in the queue, and so knows its state best. */
  get isOwn(): boolean {
    return this.session !== undefined || (isActive(this.current) && !this.isRemote);
  }

  get isFinal(): boolean {
    return isFinal(this.current);
  }

  /** Status for the other windows; undefined if this window does not run it. */
  get activeStatus(): ActiveStatus | undefined {
    const { state, bytesDone, bytesTotal, bytesPerSecond } = this.snapshot();
    return !this.isRemote && (state.kind === 'queued' || state.kind === 'running' || state.kind === 'waiting')
      ? { state, bytesDone, bytesPerSecond, ...defined({ bytesTotal }) }
      : undefined;
  }

  /** Shows the status reported by the window that runs it. */
  applyRemoteStatus({ state, bytesDone, bytesTotal, bytesPerSecond }: ActiveStatus): void {
    this.current = state;
    this.receivedBytes = bytesDone;
    this.bytesTotal = bytesTotal;
    this.idleSinceMs = undefined;
    this.setRemote(bytesPerSecond);
  }

  /** Shows the state of its checkpoint: no window runs it. A checkpoint with less information has no effect. */
  reclaim(checkpoint: Checkpoint): void {
    const recorded = stateOf(checkpoint);
    if (this.isRemote || (recorded.kind !== 'interrupted' && recorded.kind !== this.current.kind)) {
      this.header = checkpoint.header;
      this.current = recorded;
      this.bytesTotal = this.header.object?.sizeBytes ?? this.header.known?.sizeBytes;
      this.receivedBytes = bytesIn(checkpoint);
      this.setRemote(undefined);
    }
  }

  /** Applies an event, and notifies if the state changed. */
  dispatch(event: DownloadEvent): void {
    const next = reduce(this.current, event);
    if (next !== this.current) {
      this.setRemote(undefined);
      this.current = next;
      this.idleSinceMs = undefined;
      this.resetRate();
      this.changed();
    }
  }

  onPhase(phase: 'checking' | 'transferring' | 'verifying'): void {
    this.dispatch({ type: 'phase', phase });
  }

  onSize(bytesTotal: number | undefined, bytesDone: number): void {
    this.bytesTotal = bytesTotal;
    this.receivedBytes = bytesDone;
  }

  /** Bytes that are fetched again count for nothing: a server that cuts every whole answer would never be given up. */
  onBytes(bytes: number): void {
    this.receivedBytes += bytes;
    if (this.receivedBytes - this.creditedBytes >= creditBytes) {
      this.creditedBytes = this.receivedBytes;
      this.networkWaits = 0;
    }
  }

  /** Grants all network waits again: the user wants it to go on. */
  resetNetworkWaits(): void {
    this.networkWaits = 0;
    this.creditedBytes = this.receivedBytes;
  }

  /** Resets it after its files were deleted: no bytes on disk, object unknown. */
  forgetBytes(): void {
    const { id, createdMs, source, path, overwrite, awaitRestore, batch, preserveModified } = this.header;
    this.header = { id, createdMs, source, path, overwrite, ...defined({ awaitRestore, batch, preserveModified }) };
    this.receivedBytes = 0;
    this.bytesTotal = undefined;
    this.resetNetworkWaits();
  }

  /** Size of the whole object; undefined if unknown. */
  get knownBytes(): number | undefined {
    return this.bytesTotal;
  }

  /** Whether the server was reachable once: bytes arrived, or a listing found it. If not, the address may be wrong. */
  get hadNetwork(): boolean {
    return this.bytesDone > 0 || this.header.batch !== undefined;
  }

  snapshot(): DownloadSnapshot {
    const { id, path, source, batch } = this.header;
    const bytesPerSecond = this.isRemote || this.current.kind === 'running' ? this.bytesPerSecond : 0;
    const left =
      this.bytesTotal === undefined ? undefined : remainingMs(this.bytesTotal - this.bytesDone, bytesPerSecond);
    return {
      kind: 'download',
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

/** State of a download that no window runs. */
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

function bytesIn({ header, state, parts }: Checkpoint): number {
  return state?.kind === 'finished'
    ? (header.object?.sizeBytes ?? header.known?.sizeBytes ?? 0)
    : [...parts.values()].reduce((sum, part) => sum + part.bytesDone, 0);
}
