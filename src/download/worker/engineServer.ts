import { systemClock } from '../../base/clock.ts';
import { join } from 'node:path';
import { BatchManager } from '../batch/batchManager.ts';
import { BatchStore } from '../batch/batchStore.ts';
import { Bandwidth } from '../transfer/bandwidth.ts';
import { BlockPool } from '../transfer/blockPool.ts';
import { CheckpointStore } from '../checkpoint/checkpointStore.ts';
import { ConnectionBudget } from '../transfer/connectionBudget.ts';
import { createCrc64 } from '../transfer/crc64.ts';
import { DownloadManager } from '../queue/downloadManager.ts';
import { batchFolder, checkpointFolder } from '../checkpoint/earlierDownloads.ts';
import { LeaseFolder } from '../windows/lease.ts';
import { OtherWindows } from '../windows/otherWindows.ts';
import { readContent } from '../transfer/readContent.ts';
import type { EngineDeps } from '../transfer/transfer.ts';
import type { Logger } from '../../base/logger.ts';
import type { NetworkSettings } from '../../oss/networkSettings.ts';
import type { ObjectReader } from '../../oss/objectReader.ts';
import { ChangeFeed } from './changeFeed.ts';
import type { HostSide, WorkerSetup, WorkerSide } from './protocol.ts';
import { Channel } from './rpc.ts';
import type { Handlers, Port } from './rpc.ts';

/** Reader with changeable settings and connections to close. */
export interface WorkerReader extends ObjectReader {
  setNetwork(network: NetworkSettings): void;
  close(): Promise<void>;
}

interface Engine {
  readonly manager: DownloadManager;
  readonly batches: BatchManager;
  readonly deps: EngineDeps;
}

/** Worker side of the protocol, on any message port. */
export class DownloadServer {
  private readonly reader: WorkerReader;
  private readonly channel: Channel<WorkerSide, HostSide>;
  private readonly changes = new ChangeFeed(
    (downloads) => this.channel.emit('changed', downloads),
    (ids) => this.channel.emit('removed', ids),
  );
  private readonly loading: Promise<Engine>;
  private limits: WorkerSetup['limits'];

  constructor(setup: WorkerSetup, reader: WorkerReader, port: Port) {
    this.reader = reader;
    this.limits = setup.limits;
    this.channel = new Channel<WorkerSide, HostSide>(port, { calls: this.calls(), events: this.events() });
    this.loading = this.load(setup);
  }

  /** Resolves when the checkpoints are read, and `ready` is sent. @throws AppError `disk/*` */
  async ready(): Promise<void> {
    await this.loading;
  }

  private calls(): Handlers<WorkerSide>['calls'] {
    /** Performs a call once the checkpoints are read, and sends its changes before its result. */
    const on =
      <A, R>(perform: (engine: Engine, argument: A, signal: AbortSignal) => R | Promise<R>) =>
      async (argument: A, signal: AbortSignal): Promise<R> => {
        try {
          return await perform(await this.loading, argument, signal);
        } finally {
          this.changes.flush();
        }
      };
    return {
      add: on(({ manager }, request) => manager.add(request)),
      pause: on(({ manager }, id) => manager.pause(id)),
      resume: on(({ manager }, id) => manager.resume(id)),
      prioritize: on(({ manager }, id) => manager.prioritize(id)),
      restart: on(({ manager }, id) => manager.restart(id)),
      cancel: on(({ manager }, id) => manager.cancel(id)),
      remove: on(({ manager }, id) => manager.remove(id)),
      replaceUrl: on(({ manager }, { id, url }) => manager.replaceUrl(id, url)),
      verify: on(({ manager }, id, signal) => manager.verify(id, signal)),
      read: on(({ deps }, request, signal) => readContent(deps, request, signal)),
      addBatch: on(({ batches }, request) => batches.add(request)),
      pauseBatch: on(({ batches }, id) => batches.pause(id)),
      resumeBatch: on(({ batches }, id) => batches.resume(id)),
      cancelBatch: on(({ batches }, id) => batches.cancel(id)),
      removeBatch: on(({ batches }, id) => batches.remove(id)),
      reportBatch: on(({ batches }, id) => batches.report(id)),
      shutdown: on(async ({ manager, batches }) => {
        await Promise.all([batches.shutdown(), manager.shutdown()]);
        await this.reader.close();
      }),
    };
  }

  private events(): Handlers<WorkerSide>['events'] {
    return {
      limits: (limits) => {
        this.limits = limits;
        void this.loading.then(({ manager }) => manager.limitsChanged());
      },
      network: (network) => this.reader.setNetwork(network),
    };
  }

  private async load(setup: WorkerSetup): Promise<Engine> {
    const logger: Logger = { log: (level, message) => this.channel.emit('log', { level, message }) };
    const shared = {
      leases: new LeaseFolder(join(setup.storagePath, 'leases'), systemClock),
      clock: systemClock,
      random: Math.random,
      limits: () => this.limits,
      logger,
    };
    const windows = new OtherWindows(join(setup.storagePath, 'windows'), systemClock);
    const deps: EngineDeps = {
      ...shared,
      reader: this.reader,
      signer: { signGet: (object, signal, refusal) => this.channel.call('sign', { object, refusal }, signal) },
      keptUrls: { load: (id, signal) => this.channel.call('loadUrl', id, signal) },
      store: new CheckpointStore(join(setup.storagePath, checkpointFolder), logger),
      budget: new ConnectionBudget(setup.limits.maxConnections, systemClock),
      bandwidth: new Bandwidth(systemClock, () => this.limits.bytesPerSecond ?? 0),
      blocks: new BlockPool(),
      crc64: createCrc64(),
    };
    const manager = new DownloadManager(deps, windows);
    const batches = new BatchManager({
      ...shared,
      engine: manager,
      windows,
      store: new BatchStore(join(setup.storagePath, batchFolder), logger),
      host: {
        listObjects: (bucket, prefix, from, signal) => this.channel.call('list', { bucket, prefix, from }, signal),
        askConflict: (path, signal) => this.channel.call('askConflict', path, signal),
      },
    });
    await manager.load();
    await batches.load();
    this.channel.emit('ready', { downloads: manager.downloads, batches: batches.batches });
    this.changes.markSent(manager.downloads);
    manager.onDidChange((download) => this.changes.update(download));
    manager.onDidRemove((id) => this.changes.remove(id));
    batches.onDidChange((batch) => {
      if (batch.state.kind !== 'running') {
        this.changes.flush(); // before the end of the batch is reported
      }
      this.channel.emit('batchChanged', batch);
    });
    batches.onDidRemove((id) => this.channel.emit('batchRemoved', id));
    return { manager, batches, deps };
  }
}
