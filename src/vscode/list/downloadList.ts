import { Emitter } from '../../base/emitter.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { DownloadService } from '../../download/downloadService.ts';
import type { BatchSnapshot } from '../../download/batchModel.ts';
import type { DownloadSnapshot, TransferLimits } from '../../download/model.ts';
import type { NetworkSettings } from '../../oss/networkSettings.ts';
import { batchRow } from './listedDownload.ts';
import type { ListedDownload } from './listedDownload.ts';

/**
 * What changed: one download or batch, which may be gone by now, a batch for a part of it, or, for undefined, the whole
 * list.
 */
export type DownloadsChange = string | undefined;

/**
 * The engine, started when it is first needed: most windows never download anything.
 * Before that the list is empty; views need not know the difference.
 */
export class Downloads implements Disposable {
  private readonly create: () => DownloadService;
  private readonly changes = new Emitter<DownloadsChange>();
  private readonly known = new Map<string, DownloadSnapshot>();
  private readonly batches = new Map<string, BatchSnapshot>();
  private service: DownloadService | undefined;
  private started: Promise<DownloadService> | undefined;
  private ended = false;

  readonly onDidChange = this.changes.event;

  constructor(create: () => DownloadService) {
    this.create = create;
  }

  /** Downloads that belong to no batch, oldest first, then batches, each as one row. */
  get all(): readonly ListedDownload[] {
    return [
      ...[...this.known.values()].filter(({ batch }) => !this.isBatch(batch ?? '')),
      ...[...this.batches.values()].map(batchRow),
    ];
  }

  /** Every download that the engine has, those of batches too, oldest first. */
  get single(): readonly DownloadSnapshot[] {
    return [...this.known.values()];
  }

  /** The downloads of a batch that the engine has just now. */
  within(batchId: string): readonly DownloadSnapshot[] {
    return [...this.known.values()].filter(({ batch }) => batch === batchId);
  }

  isBatch(id: string): boolean {
    return this.batches.has(id);
  }

  /** Whether the window is closing: the engine stops everything, and nothing is to be started any more. */
  get hasEnded(): boolean {
    return this.ended;
  }

  /** A download, or a batch as one row. */
  find(id: string): ListedDownload | undefined {
    const batch = this.batches.get(id);
    return batch === undefined ? this.known.get(id) : batchRow(batch);
  }

  /** Does the same to a download or to a whole batch. @throws AppError as `DownloadService` and `BatchService` do */
  async act(action: 'pause' | 'resume' | 'cancel' | 'remove', id: string): Promise<void> {
    const service = await this.start();
    await (this.isBatch(id) ? service.batches : service)[action](id);
  }

  /**
   * The engine, its earlier downloads read. A start that failed is tried again by the next call; so is one that has
   * died since.
   */
  start(): Promise<DownloadService> {
    if (this.ended) {
      return Promise.reject(new DOMException('the extension is shutting down', 'AbortError'));
    }
    this.started ??= this.open().catch((error: unknown) => {
      this.started = undefined;
      this.service = undefined;
      throw error;
    });
    return this.started;
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
    const service = this.create();
    this.service = service;
    await service.ready;
    service.onDidDie(() => {
      this.service = undefined;
      this.started = undefined;
    });
    // what one before it has left is read again from the disk
    this.known.clear();
    this.batches.clear();
    for (const download of service.downloads) {
      this.known.set(download.id, download);
    }
    for (const batch of service.batches.all) {
      this.batches.set(batch.id, batch);
    }
    service.batches.onDidChange((batch) => {
      const isNew = !this.batches.has(batch.id);
      this.batches.set(batch.id, batch);
      this.changes.fire(isNew ? undefined : batch.id);
    });
    service.batches.onDidRemove((id) => {
      this.batches.delete(id);
      this.changes.fire(undefined);
    });
    service.onDidChange((download) => {
      this.known.set(download.id, download);
      this.changes.fire(this.isBatch(download.batch ?? '') ? download.batch : download.id);
    });
    service.onDidRemove((id) => {
      const batch = this.known.get(id)?.batch;
      this.known.delete(id);
      this.changes.fire(this.isBatch(batch ?? '') ? batch : id);
    });
    this.changes.fire(undefined);
    return service;
  }
}
