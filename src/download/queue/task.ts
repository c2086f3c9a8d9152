import { Turns } from '../../base/async.ts';
import { RateMeter } from './rateMeter.ts';

/** A download or a batch in the list of this window: what the two have in common. */
export abstract class Task<Snapshot> {
  /** When its record was last written, as it was last read or written here, in milliseconds since the epoch. */
  recordMs: number | undefined;
  private readonly turns = new Turns();
  private readonly onChange: (task: Task<Snapshot>) => void;
  private meter = new RateMeter();
  /** Set while the task is remote: the rate that the other window reports. */
  private remoteBytesPerSecond: number | undefined;

  /** @param onChange called when the snapshot should be delivered */
  constructor(onChange: (task: Task<Snapshot>) => void) {
    this.onChange = onChange;
  }

  abstract get id(): string;
  abstract get bytesDone(): number;
  abstract snapshot(): Snapshot;

  /** Whether another window runs it; the snapshot shows what that window reports. */
  get isRemote(): boolean {
    return this.remoteBytesPerSecond !== undefined;
  }

  /** Runs the calls on this task one after the other, so that none finds it half-way between two states. */
  async inTurn(call: () => Promise<void>): Promise<void> {
    await this.turns.run(call);
  }

  /** To be called a few times a second while a session runs; delivers the progress, too. */
  sample(nowMs: number): void {
    this.meter.sample(nowMs, this.bytesDone);
    this.changed();
  }

  protected get bytesPerSecond(): number {
    return this.remoteBytesPerSecond ?? this.meter.bytesPerSecond;
  }

  /** @param bytesPerSecond as the other window reports it; undefined: no other window runs it */
  protected setRemote(bytesPerSecond: number | undefined): void {
    this.remoteBytesPerSecond = bytesPerSecond;
  }

  /** To be called when the state moves: the rate of another state means nothing. */
  protected resetRate(): void {
    this.meter = new RateMeter();
  }

  protected changed(): void {
    this.onChange(this);
  }
}
