import { defined } from '../../base/defined.ts';
import { Worker } from 'node:worker_threads';
import { raceAbort } from '../../base/abort.ts';
import { byTurn, deferred } from '../../base/async.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Event } from '../../base/emitter.ts';
import { AppError, fromErrorRecord, toAppError, toErrorRecord } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { NetworkSettings } from '../../oss/networkSettings.ts';
import type { DownloadService } from '../downloadService.ts';
import { noKeptUrls } from '../transfer/urlSource.ts';
import type { KeptUrls } from '../transfer/urlSource.ts';
import { isActive } from '../downloadState.ts';
import type { DownloadRequest, DownloadSnapshot, TransferLimits, FileVerdict, ContentRequest } from '../model.ts';
import { BatchClient } from './batchClient.ts';
import { HostAnswers } from './hostAnswers.ts';
import type { WorkerHost } from './hostAnswers.ts';
import type { CallResult, WorkerCall, WorkerEvent, WorkerRequest, WorkerSetup } from './protocol.ts';

/** `shutdown` must be over within a second; the thread is ended then, whatever it does. */
const shutdownMs = 900;
/**
 * The worker's garbage is socket buffers that die at once. A small young generation collects them before they pile up:
 * measured here it takes 30 MiB off the process and a third off the worker's time.
 */
const youngGenerationMiB = 1;
/** The one end that is wanted. */
const shutDown = 'shut down';

/**
 * The engine in its worker thread, as the extension host sees it. A worker that dies is not started again behind the
 * user's back: its downloads become `interrupted`, the log says why, and every later call fails; the next thing that
 * the user does creates another one, see `Downloads`.
 */
export class WorkerClient implements DownloadService {
  readonly ready: Promise<void>;
  private readonly worker: Worker;
  readonly batches: BatchClient;
  private readonly answers: HostAnswers;
  private readonly keptUrls: KeptUrls;
  private readonly logger: Logger;
  private readonly snapshots = new Map<string, DownloadSnapshot>();
  private readonly changed = new Emitter<DownloadSnapshot>();
  private readonly removed = new Emitter<string>();
  private readonly died = new Emitter<undefined>();
  private readonly calls = new Map<number, (result: CallResult) => void>();
  private readonly loaded = deferred<undefined>();
  private readonly closing = new AbortController();
  private lastCallId = 0;
  private ended = false;

  readonly onDidChange: Event<DownloadSnapshot> = this.changed.event;
  readonly onDidRemove: Event<string> = this.removed.event;
  readonly onDidDie: Event<undefined> = this.died.event;

  /** @param workerPath absolute path of the worker's bundle, or of `workerMain.ts` where Node runs the sources */
  constructor(
    workerPath: string,
    setup: WorkerSetup,
    host: WorkerHost,
    logger: Logger,
    keptUrls: KeptUrls = noKeptUrls,
  ) {
    this.answers = new HostAnswers(host, (questionId, answer) => this.post({ type: 'answer', questionId, answer }));
    this.batches = new BatchClient((call) => this.request(call));
    this.keptUrls = keptUrls;
    this.logger = logger;
    this.ready = this.loaded.promise;
    this.ready.catch(() => undefined); // who awaits it is told; nobody has to
    this.worker = new Worker(workerPath, {
      workerData: setup,
      name: 'oss-downloader',
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMiB },
    });
    this.worker.on('message', (events: readonly WorkerEvent[]) => events.forEach((event) => this.receive(event)));
    this.worker.on('error', (error) => this.end(error instanceof Error ? error.message : String(error)));
    this.worker.on('exit', (code) => this.end(`exit code ${code}`));
  }

  get downloads(): readonly DownloadSnapshot[] {
    return [...this.snapshots.values()];
  }

  async add(request: DownloadRequest): Promise<string> {
    const id = await this.call({ type: 'add', request });
    if (id === undefined) {
      throw new AppError('internal', 'the download worker answered without an id');
    }
    return id;
  }

  async pause(id: string): Promise<void> {
    await this.call({ type: 'pause', id });
  }

  async resume(id: string): Promise<void> {
    await this.call({ type: 'resume', id });
  }

  async putFirst(id: string): Promise<void> {
    await this.call({ type: 'putFirst', id });
  }

  async restart(id: string): Promise<void> {
    await this.call({ type: 'restart', id });
  }

  async replaceUrl(id: string, url: string): Promise<void> {
    await this.call({ type: 'replaceUrl', id, url });
  }

  async cancel(id: string): Promise<void> {
    await this.call({ type: 'cancel', id });
  }

  async remove(id: string): Promise<void> {
    await this.call({ type: 'remove', id });
  }

  async verify(id: string, signal: AbortSignal): Promise<FileVerdict> {
    const { verdict } = await this.request({ type: 'verify', id }, signal);
    if (verdict === undefined) {
      throw new AppError('internal', 'the download worker answered without a verdict');
    }
    return verdict;
  }

  async read(request: ContentRequest, signal: AbortSignal): Promise<Uint8Array> {
    const { content } = await this.request({ type: 'read', request }, signal);
    if (content === undefined) {
      throw new AppError('internal', 'the download worker answered without the content');
    }
    return content;
  }

  setLimits(limits: TransferLimits): void {
    this.post({ type: 'limits', limits });
  }

  setNetwork(network: NetworkSettings): void {
    this.post({ type: 'network', network });
  }

  async shutdown(): Promise<void> {
    if (this.ended) {
      return;
    }
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, shutdownMs);
    });
    const stopped = this.call({ type: 'shutdown' }).catch((error: unknown) =>
      this.logger.log('warn', `download worker: ${String(error)}`),
    );
    await Promise.race([stopped, limit]);
    clearTimeout(timer);
    this.end(shutDown);
    await this.worker.terminate();
  }

  private receive(event: WorkerEvent): void {
    switch (event.type) {
      case 'ready':
        for (const download of event.downloads) {
          this.snapshots.set(download.id, download);
        }
        this.batches.loaded(event.batches);
        this.loaded.resolve(undefined);
        return;
      case 'changed':
        for (const download of event.downloads) {
          this.snapshots.set(download.id, download);
          this.changed.fire(download);
        }
        return;
      case 'removed':
        for (const id of event.ids) {
          this.snapshots.delete(id);
          this.removed.fire(id);
        }
        return;
      case 'result':
        this.calls.get(event.callId)?.(event.result);
        this.calls.delete(event.callId);
        return;
      case 'batchChanged':
        this.batches.changed(event.batch);
        return;
      case 'batchRemoved':
        this.batches.removed(event.id);
        return;
      case 'question':
        void this.answers.answer(event.questionId, event.question);
        return;
      case 'withdrawn':
        this.answers.withdrawn(event.questionId);
        return;
      case 'askUrl':
        void this.giveUrl(event.questionId, event.id);
        return;
      case 'log':
        this.logger.log(event.level, event.message);
        return;
    }
  }

  private async call(call: WorkerCall): Promise<string | undefined> {
    return (await this.request(call)).id;
  }

  /**
   * @throws what the call failed with, `signal.reason` when aborted: then the worker is told that nobody waits any more
   */
  private async request(call: WorkerCall, signal?: AbortSignal): Promise<CallResult & { ok: true }> {
    signal?.throwIfAborted();
    if (this.ended) {
      throw hasEnded();
    }
    this.lastCallId += 1;
    const callId = this.lastCallId;
    const answered = new Promise<CallResult>((resolve) => this.calls.set(callId, resolve));
    this.post({ type: 'call', callId, call });
    const result = await (signal === undefined
      ? answered
      : raceAbort(answered, signal).catch((error: unknown) => {
          this.post({ type: 'abandon', callId });
          throw error;
        }));
    if (!result.ok) {
      throw fromErrorRecord(result.error);
    }
    return result;
  }

  private async giveUrl(questionId: number, id: string): Promise<void> {
    const url = await this.keptUrls.load(id, this.closing.signal).catch((error: unknown) => {
      this.logger.log('warn', `a kept URL cannot be had: ${toAppError(error).code}`);
      return undefined;
    });
    this.post({ type: 'keptUrl', questionId, ...defined({ url }) });
  }

  private readonly post = byTurn<WorkerRequest>((requests) => {
    if (!this.ended) {
      this.worker.postMessage(requests);
    }
  });

  /** The thread is gone, or no longer listened to: nothing of it is running any more. */
  private end(why: string): void {
    if (this.ended) {
      return;
    }
    this.ended = true;
    this.logger.log(why === shutDown ? 'debug' : 'error', `the download worker has ended: ${why}`);
    this.answers.end();
    this.closing.abort();
    this.loaded.reject(hasEnded());
    for (const snapshot of this.snapshots.values()) {
      if (isActive(snapshot.state)) {
        const interrupted: DownloadSnapshot = { ...snapshot, state: { kind: 'interrupted' }, bytesPerSecond: 0 };
        this.snapshots.set(snapshot.id, interrupted);
        this.changed.fire(interrupted);
      }
    }
    this.batches.ended();
    for (const answer of this.calls.values()) {
      answer({ ok: false, error: toErrorRecord(hasEnded()) });
    }
    this.calls.clear();
    if (why !== shutDown) {
      this.died.fire(undefined);
    }
  }
}

function hasEnded(): AppError {
  return new AppError('internal', 'the download worker has ended: the log says why; the next call starts another one');
}
