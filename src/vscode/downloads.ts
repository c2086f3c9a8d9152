import { Emitter } from '../base/emitter.ts';
import type { Disposable } from '../base/disposable.ts';
import type { DownloadService } from '../download/downloadService.ts';
import type { DownloadSnapshot, TransferLimits } from '../download/model.ts';
import type { NetworkSettings } from '../oss/networkSettings.ts';

/** What changed: one download, which may be gone by now, or, for undefined, the whole list. */
export type DownloadsChange = string | undefined;

/**
 * The engine, started when it is first needed: most windows never download anything.
 * Before that the list is empty; views need not know the difference.
 */
export class Downloads implements Disposable {
  private readonly create: () => DownloadService;
  private readonly changes = new Emitter<DownloadsChange>();
  private readonly known = new Map<string, DownloadSnapshot>();
  private service: DownloadService | undefined;
  private started: Promise<DownloadService> | undefined;
  private ended = false;

  readonly onDidChange = this.changes.event;

  constructor(create: () => DownloadService) {
    this.create = create;
  }

  /** Oldest first. */
  get all(): readonly DownloadSnapshot[] {
    return [...this.known.values()];
  }

  /** Whether the window is closing: the engine stops everything, and nothing is to be started any more. */
  get hasEnded(): boolean {
    return this.ended;
  }

  find(id: string): DownloadSnapshot | undefined {
    return this.known.get(id);
  }

  /** The engine, its earlier downloads read. A start that failed is tried again by the next call. */
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
    for (const download of service.downloads) {
      this.known.set(download.id, download);
    }
    service.onDidChange((download) => {
      this.known.set(download.id, download);
      this.changes.fire(download.id);
    });
    service.onDidRemove((id) => {
      this.known.delete(id);
      this.changes.fire(id);
    });
    this.changes.fire(undefined);
    return service;
  }
}
