import { SerialQueue } from '../../base/async.ts';
import { RateMeter } from './rateMeter.ts';

/** Common base of the downloads and batches in the list of this window. */
export abstract class Task<Snapshot> {
  /** Modification time of the record when this window last read or wrote it, in milliseconds since the epoch. */
  recordMs: number | undefined;
  private readonly queue = new SerialQueue();
  private readonly onChange: (task: Task<Snapshot>) => void;
  private meter = new RateMeter();
  /** Set while the task is remote: the rate that the other window reports. */
  private remoteBytesPerSecond: number | undefined;

  /** @param onChange called when the snapshot changed */
  constructor(onChange: (task: Task<Snapshot>) => void) {
    this.onChange = onChange;
  }

  abstract get id(): string;
  abstract get bytesDone(): number;
  abstract snapshot(): Snapshot;

  /** Whether another window runs it; the snapshot then shows the status reported by that window. */
  get isRemote(): boolean {
    return this.remoteBytesPerSecond !== undefined;
  }

  /** Runs the calls on this task one after the other, so that none sees it between two states. */
  async inTurn(call: () => Promise<void>): Promise<void> {
    await this.queue.run(call);
  }

  /** Measures the rate and reports the progress: to be called a few times a second during a session. */
  sample(nowMs: number): void {
    this.meter.sample(nowMs, this.bytesDone);
    this.changed();
  }

  protected get bytesPerSecond(): number {
    return this.remoteBytesPerSecond ?? this.meter.bytesPerSecond;
  }

  /** @param bytesPerSecond reported by the other window; undefined: no other window runs it */
  protected setRemote(bytesPerSecond: number | undefined): void {
    this.remoteBytesPerSecond = bytesPerSecond;
  }

  /** Forgets the samples: a rate is valid for one state only. */
  protected resetRate(): void {
    this.meter = new RateMeter();
  }

  protected changed(): void {
    this.onChange(this);
  }
}
