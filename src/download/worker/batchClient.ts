import { Emitter } from '../../base/emitter.ts';
import type { Event } from '../../base/emitter.ts';
import type { BatchRequest, BatchSnapshot, BatchReport } from '../batchModel.ts';
import type { BatchService } from '../batchService.ts';
import type { HostSide, WorkerSide } from './protocol.ts';
import type { Channel } from './rpc.ts';

/** The worker's batches, mirrored. */
export class BatchClient implements BatchService {
  private readonly channel: Channel<HostSide, WorkerSide>;
  private readonly snapshots = new Map<string, BatchSnapshot>();
  private readonly changes = new Emitter<BatchSnapshot>();
  private readonly removals = new Emitter<string>();

  readonly onDidChange: Event<BatchSnapshot> = this.changes.event;
  readonly onDidRemove: Event<string> = this.removals.event;

  constructor(channel: Channel<HostSide, WorkerSide>) {
    this.channel = channel;
  }

  get all(): readonly BatchSnapshot[] {
    return [...this.snapshots.values()];
  }

  add(request: BatchRequest): Promise<string> {
    return this.channel.call('addBatch', request);
  }

  pause(id: string): Promise<void> {
    return this.channel.call('pauseBatch', id);
  }

  resume(id: string): Promise<void> {
    return this.channel.call('resumeBatch', id);
  }

  cancel(id: string): Promise<void> {
    return this.channel.call('cancelBatch', id);
  }

  remove(id: string): Promise<void> {
    return this.channel.call('removeBatch', id);
  }

  report(id: string): Promise<BatchReport> {
    return this.channel.call('reportBatch', id);
  }

  loaded(batches: readonly BatchSnapshot[]): void {
    batches.forEach((batch) => this.snapshots.set(batch.id, batch));
  }

  changed(batch: BatchSnapshot): void {
    this.snapshots.set(batch.id, batch);
    this.changes.fire(batch);
  }

  removed(id: string): void {
    this.snapshots.delete(id);
    this.removals.fire(id);
  }

  /** The worker is gone: nothing of it is running any more. */
  ended(): void {
    for (const batch of this.snapshots.values()) {
      if (batch.state.kind === 'running') {
        this.changed({ ...batch, state: { kind: 'interrupted' }, bytesPerSecond: 0 });
      }
    }
  }
}
