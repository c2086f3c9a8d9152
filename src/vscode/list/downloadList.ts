import { Lazy } from '../../base/async.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Disposable } from '../../base/disposable.ts';
import { isActive } from '../../download/downloadState.ts';
import type { DownloadService, EngineListener } from '../../download/downloadService.ts';
import type { BatchSnapshot } from '../../download/batchModel.ts';
import type { DownloadSnapshot, TransferLimits } from '../../download/model.ts';
import type { NetworkSettings } from '../../oss/networkSettings.ts';
import type { Row } from './row.ts';

/**
 * Id of the changed download or batch, which may be removed by now; a batch also stands for its downloads. Undefined
 * means the whole list.
 */
export type DownloadsChange = string | undefined;

/**
 * The extension host's only copy of the engine's state, and the engine itself, started on first use: most windows
 * never download anything. Before that the list is empty.
 */
export class Downloads implements Disposable {
  private readonly create: (listener: EngineListener) => DownloadService;
  private readonly changes = new Emitter<DownloadsChange>();
  private readonly known = new Map<string, DownloadSnapshot>();
  private readonly batches = new Map<string, BatchSnapshot>();
  private service: DownloadService | undefined;
  private readonly started = new Lazy(() => this.open());
  private ended = false;

  readonly onDidChange = this.changes.event;

  private readonly listener: EngineListener = {
    ready: ({ downloads, batches }) => {
      // the new engine reads the downloads from the disk
      this.known.clear();
      this.batches.clear();
      downloads.forEach((download) => this.known.set(download.id, download));
      batches.forEach((batch) => this.batches.set(batch.id, batch));
      this.changes.fire(undefined);
    },
    changed: (downloads) => downloads.forEach((download) => this.update(download)),
    removed: (ids) => {
      for (const id of ids) {
        const batch = this.known.get(id)?.batch;
        this.known.delete(id);
        this.changes.fire(this.isBatch(batch ?? '') ? batch : id);
      }
    },
    batchChanged: (batch) => this.updateBatch(batch),
    batchRemoved: (id) => {
      this.batches.delete(id);
      this.changes.fire(undefined);
    },
    ended: () => {
      this.service = undefined;
      this.started.reset();
      for (const download of this.known.values()) {
        if (isActive(download.state)) {
          this.update({ ...download, state: { kind: 'interrupted' }, bytesPerSecond: 0 });
        }
      }
      for (const batch of this.batches.values()) {
        if (batch.state.kind === 'running') {
          this.updateBatch({ ...batch, state: { kind: 'interrupted' }, bytesPerSecond: 0 });
        }
      }
    },
  };

  constructor(create: (listener: EngineListener) => DownloadService) {
    this.create = create;
  }

  /** Downloads outside of batches, oldest first, then batches. */
  get all(): readonly Row[] {
    return [...[...this.known.values()].filter(({ batch }) => !this.isBatch(batch ?? '')), ...this.batches.values()];
  }

  /** All downloads of the engine, including those of batches, oldest first. */
  get single(): readonly DownloadSnapshot[] {
    return [...this.known.values()];
  }

  /** The downloads of a batch that the engine currently holds. */
  within(batchId: string): readonly DownloadSnapshot[] {
    return [...this.known.values()].filter(({ batch }) => batch === batchId);
  }

  isBatch(id: string): boolean {
    return this.batches.has(id);
  }

  /** Whether the window is closing: the engine stops, and nothing may be started. */
  get hasEnded(): boolean {
    return this.ended;
  }

  /** A download, or a batch as one row. */
  find(id: string): Row | undefined {
    return this.batches.get(id) ?? this.known.get(id);
  }

  /** Applies an action to a download or a whole batch. @throws AppError as `DownloadService` and `BatchService` do */
  async act(action: 'pause' | 'resume' | 'cancel' | 'remove', id: string): Promise<void> {
    const service = await this.start();
    await (this.isBatch(id) ? service.batches : service)[action](id);
  }

  /** Starts the engine and loads earlier downloads, once. The next call retries after a failed start or a crash. */
  start(): Promise<DownloadService> {
    if (this.ended) {
      return Promise.reject(new DOMException('the extension is shutting down', 'AbortError'));
    }
    return this.started.get();
  }

  setLimits(limits: TransferLimits): void {
    this.service?.setLimits(limits);
  }

  setNetwork(network: NetworkSettings): void {
    this.service?.setNetwork(network);
  }

  async shutdown(): Promise<void> {
    this.ended = true;
    await this.service?.shutdown();
  }

  dispose(): void {
    this.changes.dispose();
  }

  private async open(): Promise<DownloadService> {
    const service = this.create(this.listener);
    this.service = service;
    try {
      await service.ready;
    } catch (error) {
      this.service = undefined;
      throw error;
    }
    return service;
  }

  private update(download: DownloadSnapshot): void {
    this.known.set(download.id, download);
    this.changes.fire(this.isBatch(download.batch ?? '') ? download.batch : download.id);
  }

  private updateBatch(batch: BatchSnapshot): void {
    const isNew = !this.batches.has(batch.id);
    this.batches.set(batch.id, batch);
    this.changes.fire(isNew ? undefined : batch.id);
  }
}
