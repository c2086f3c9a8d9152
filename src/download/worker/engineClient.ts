import { Worker } from 'node:worker_threads';
import { deferred } from '../../base/async.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { NetworkSettings } from '../../oss/networkSettings.ts';
import type { UrlSigner } from '../../oss/objectLister.ts';
import type { BatchHost } from '../batch/batchDeps.ts';
import type { BatchService } from '../batchService.ts';
import type { DownloadService, EngineListener } from '../downloadService.ts';
import type { DownloadRequest, TransferLimits, FileVerdict, ContentRequest } from '../model.ts';
import { noKeptUrls } from '../transfer/urlProvider.ts';
import type { KeptUrls } from '../transfer/urlProvider.ts';
import type { HostSide, WorkerSetup, WorkerSide } from './protocol.ts';
import { Channel } from './rpc.ts';

/** Services of the extension host for the worker: it has the credentials and the user. */
export type WorkerHost = UrlSigner & BatchHost;

/** The thread is terminated if `shutdown` takes longer: it must end within a second. */
const shutdownMs = 900;
/**
 * Heap limit for new objects. The worker's garbage is short-lived socket buffers; a small young generation collects
 * them early: measured, it saves 30 MiB of the process and a third of the worker's time.
 */
const youngGenerationMiB = 1;
/** Reason of the intended end. */
const shutDown = 'shut down';

/**
 * Client of the engine in its worker thread. A worker that crashes is not restarted: the cause is logged, the listener
 * is notified, and every later call fails; the next action of the user creates another one, see `Downloads`.
 */
export class WorkerClient implements DownloadService {
  readonly ready: Promise<void>;
  readonly batches: BatchService;
  private readonly worker: Worker;
  private readonly channel: Channel<HostSide, WorkerSide>;
  private readonly listener: EngineListener;
  private readonly logger: Logger;
  private readonly loaded = deferred<undefined>();
  private ended = false;

  /** @param workerPath absolute path of the worker's bundle, or of `workerMain.ts` if Node runs the sources */
  constructor(
    workerPath: string,
    setup: WorkerSetup,
    host: WorkerHost,
    listener: EngineListener,
    logger: Logger,
    keptUrls: KeptUrls = noKeptUrls,
  ) {
    this.listener = listener;
    this.logger = logger;
    this.ready = this.loaded.promise;
    this.ready.catch(() => undefined); // awaiting it is optional
    this.worker = new Worker(workerPath, {
      workerData: setup,
      name: 'oss-downloader',
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMiB },
    });
    this.channel = new Channel<HostSide, WorkerSide>(this.worker, {
      calls: {
        sign: ({ object, refusal }, signal) => host.signGet(object, signal, refusal),
        list: ({ bucket, prefix, from }, signal) => host.listObjects(bucket, prefix, from, signal),
        askConflict: (path, signal) => host.askConflict(path, signal),
        loadUrl: (id, signal) => loadUrl(keptUrls, id, logger, signal),
      },
      events: {
        ready: (earlier) => {
          listener.ready(earlier);
          this.loaded.resolve(undefined);
        },
        changed: (downloads) => listener.changed(downloads),
        removed: (ids) => listener.removed(ids),
        batchChanged: (batch) => listener.batchChanged(batch),
        batchRemoved: (id) => listener.batchRemoved(id),
        log: ({ level, message }) => logger.log(level, message),
      },
    });
    this.batches = {
      add: (request) => this.channel.call('addBatch', request),
      pause: (id) => this.channel.call('pauseBatch', id),
      resume: (id) => this.channel.call('resumeBatch', id),
      cancel: (id) => this.channel.call('cancelBatch', id),
      remove: (id) => this.channel.call('removeBatch', id),
      report: (id) => this.channel.call('reportBatch', id),
    };
    this.worker.on('error', (error) => this.end(error instanceof Error ? error.message : String(error)));
    this.worker.on('exit', (code) => this.end(`exit code ${code}`));
  }

  add(request: DownloadRequest): Promise<string> {
    return this.channel.call('add', request);
  }

  pause(id: string): Promise<void> {
    return this.channel.call('pause', id);
  }

  resume(id: string): Promise<void> {
    return this.channel.call('resume', id);
  }

  prioritize(id: string): Promise<void> {
    return this.channel.call('prioritize', id);
  }

  restart(id: string): Promise<void> {
    return this.channel.call('restart', id);
  }

  cancel(id: string): Promise<void> {
    return this.channel.call('cancel', id);
  }

  remove(id: string): Promise<void> {
    return this.channel.call('remove', id);
  }

  replaceUrl(id: string, url: string): Promise<void> {
    return this.channel.call('replaceUrl', { id, url });
  }

  verify(id: string, signal: AbortSignal): Promise<FileVerdict> {
    return this.channel.call('verify', id, signal);
  }

  read(request: ContentRequest, signal: AbortSignal): Promise<Uint8Array> {
    return this.channel.call('read', request, signal);
  }

  setLimits(limits: TransferLimits): void {
    this.channel.emit('limits', limits);
  }

  setNetwork(network: NetworkSettings): void {
    this.channel.emit('network', network);
  }

  async shutdown(): Promise<void> {
    if (this.ended) {
      return;
    }
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, shutdownMs);
    });
    const stopped = this.channel
      .call('shutdown', undefined)
      .catch((error: unknown) => this.logger.log('warn', `download worker: ${String(error)}`));
    await Promise.race([stopped, limit]);
    clearTimeout(timer);
    this.end(shutDown);
    await this.worker.terminate();
  }

  /** Fails all calls: the thread has ended, or is being shut down. */
  private end(why: string): void {
    if (this.ended) {
      return;
    }
    this.ended = true;
    this.logger.log(why === shutDown ? 'debug' : 'error', `the download worker has ended: ${why}`);
    const error = new AppError(
      'internal',
      'the download worker has ended: the log says why; the next call starts another one',
    );
    this.channel.close(error);
    this.loaded.reject(error);
    this.listener.ended();
  }
}

/** Treats a URL that cannot be read as missing: the user is asked for it. */
async function loadUrl(
  keptUrls: KeptUrls,
  id: string,
  logger: Logger,
  signal: AbortSignal,
): Promise<string | undefined> {
  return keptUrls.load(id, signal).catch((error: unknown) => {
    logger.log('warn', `a kept URL cannot be had: ${toAppError(error).code}`);
    return undefined;
  });
}
