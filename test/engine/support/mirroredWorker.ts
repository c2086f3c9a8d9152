import { Emitter } from '../../../src/base/emitter.ts';
import type { Logger } from '../../../src/base/logger.ts';
import type { BatchSnapshot } from '../../../src/download/batchModel.ts';
import type { EngineListener } from '../../../src/download/downloadService.ts';
import type { DownloadSnapshot } from '../../../src/download/model.ts';
import { WorkerClient } from '../../../src/download/worker/engineClient.ts';
import type { WorkerHost } from '../../../src/download/worker/engineClient.ts';
import type { WorkerSetup } from '../../../src/download/worker/protocol.ts';
import type { KeptUrls } from '../../../src/download/transfer/urlProvider.ts';

/** A worker, and what it has reported of its downloads and batches, as the extension host would hold it. */
export class MirroredWorker extends WorkerClient {
  private readonly known: Map<string, DownloadSnapshot>;
  private readonly knownBatches: Map<string, BatchSnapshot>;
  readonly onDidChange: Emitter<DownloadSnapshot>['event'];
  readonly onDidChangeBatch: Emitter<BatchSnapshot>['event'];

  constructor(workerPath: string, setup: WorkerSetup, host: WorkerHost, logger: Logger, keptUrls?: KeptUrls) {
    const known = new Map<string, DownloadSnapshot>();
    const knownBatches = new Map<string, BatchSnapshot>();
    const changes = new Emitter<DownloadSnapshot>();
    const batchChanges = new Emitter<BatchSnapshot>();
    const listener: EngineListener = {
      ready: ({ downloads, batches }) => {
        downloads.forEach((download) => known.set(download.id, download));
        batches.forEach((batch) => knownBatches.set(batch.id, batch));
      },
      changed: (downloads) =>
        downloads.forEach((download) => {
          known.set(download.id, download);
          changes.fire(download);
        }),
      removed: (ids) => ids.forEach((id) => known.delete(id)),
      batchChanged: (batch) => {
        knownBatches.set(batch.id, batch);
        batchChanges.fire(batch);
      },
      batchRemoved: (id) => void knownBatches.delete(id),
      ended: () => undefined,
    };
    super(workerPath, setup, host, listener, logger, keptUrls);
    this.known = known;
    this.knownBatches = knownBatches;
    this.onDidChange = changes.event;
    this.onDidChangeBatch = batchChanges.event;
  }

  get downloads(): readonly DownloadSnapshot[] {
    return [...this.known.values()];
  }

  get allBatches(): readonly BatchSnapshot[] {
    return [...this.knownBatches.values()];
  }
}
