import { Emitter } from '../../base/emitter.ts';
import type { Event } from '../../base/emitter.ts';
import { AppError } from '../../base/errors.ts';
import type { BatchRequest, BatchSnapshot, BatchReport } from '../batchModel.ts';
import type { BatchService } from '../batchService.ts';
import type { CallResult, WorkerCall } from './protocol.ts';

type Call = (call: WorkerCall) => Promise<CallResult & { readonly ok: true }>;

/** The worker's batches, mirrored. */
export class BatchClient implements BatchService {
  private readonly call: Call;
  private readonly snapshots = new Map<string, BatchSnapshot>();
  private readonly changes = new Emitter<BatchSnapshot>();
  private readonly removals = new Emitter<string>();

  readonly onDidChange: Event<BatchSnapshot> = this.changes.event;
  readonly onDidRemove: Event<string> = this.removals.event;

  constructor(call: Call) {
    this.call = call;
  }

  get all(): readonly BatchSnapshot[] {
    return [...this.snapshots.values()];
  }

  async add(request: BatchRequest): Promise<string> {
    const { id } = await this.call({ type: 'addBatch', request });
    if (id === undefined) {
      throw new AppError('internal', 'the download worker answered without an id');
    }
    return id;
  }

  async pause(id: string): Promise<void> {
    await this.call({ type: 'batch', action: 'pause', id });
  }

  async resume(id: string): Promise<void> {
    await this.call({ type: 'batch', action: 'resume', id });
  }

  async cancel(id: string): Promise<void> {
    await this.call({ type: 'batch', action: 'cancel', id });
  }

  async remove(id: string): Promise<void> {
    await this.call({ type: 'batch', action: 'remove', id });
  }

  async report(id: string): Promise<BatchReport> {
    const { report } = await this.call({ type: 'reportBatch', id });
    if (report === undefined) {
      throw new AppError('internal', 'the download worker answered without a report');
    }
    return report;
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
