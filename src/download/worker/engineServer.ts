import { defined } from '../../base/defined.ts';
import { systemClock } from '../../base/clock.ts';
import { toErrorRecord } from '../../base/errors.ts';
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
import type { EngineTools } from '../transfer/transfer.ts';
import type { Logger } from '../../base/logger.ts';
import type { NetworkSettings } from '../../oss/networkSettings.ts';
import type { ObjectReader } from '../../oss/objectReader.ts';
import { ChangeFeed } from './changeFeed.ts';
import { HostQuestions } from './hostQuestions.ts';
import { OpenQuestions } from './openQuestions.ts';
import type { CallResult, WorkerCall, WorkerEvent, WorkerRequest, WorkerSetup } from './protocol.ts';

/** The reader as the worker needs it: its settings may change, and it holds connections to be closed. */
export interface WorkerReader extends ObjectReader {
  setNetwork(network: NetworkSettings): void;
  close(): Promise<void>;
}

interface Engine {
  readonly manager: DownloadManager;
  readonly batches: BatchManager;
  readonly tools: EngineTools;
}

/** The worker's side of the protocol, on whatever carries its messages. */
export class DownloadServer {
  private readonly send: (event: WorkerEvent) => void;
  private readonly reader: WorkerReader;
  private readonly questions: HostQuestions;
  private readonly urlQuestions = new OpenQuestions<string | undefined>();
  private readonly abandonable = new Map<number, AbortController>();
  private readonly changes = new ChangeFeed(
    (downloads) => this.send({ type: 'changed', downloads }),
    (ids) => this.send({ type: 'removed', ids }),
  );
  private readonly loading: Promise<Engine>;
  private limits: WorkerSetup['limits'];

  /** @param send delivers an event to the extension host */
  constructor(setup: WorkerSetup, reader: WorkerReader, send: (event: WorkerEvent) => void) {
    this.send = send;
    this.reader = reader;
    this.limits = setup.limits;
    this.questions = new HostQuestions(
      (questionId, question) => send({ type: 'question', questionId, question }),
      (questionId) => send({ type: 'withdrawn', questionId }),
    );
    this.loading = this.load(setup);
  }

  /** Resolves when the checkpoints are read and `ready` is sent. @throws AppError `disk/*` */
  async ready(): Promise<void> {
    await this.loading;
  }

  /** Takes one message. Calls wait until the checkpoints are read, and answer with a `result`. */
  receive(request: WorkerRequest): void {
    switch (request.type) {
      case 'call':
        void this.answer(request.callId, request.call);
        return;
      case 'abandon':
        this.abandonable.get(request.callId)?.abort();
        return;
      case 'limits':
        this.limits = request.limits;
        void this.loading.then(({ manager }) => manager.limitsChanged());
        return;
      case 'network':
        this.reader.setNetwork(request.network);
        return;
      case 'answer':
        this.questions.answered(request.questionId, request.answer);
        return;
      case 'keptUrl':
        this.urlQuestions.answered(request.questionId, request.url);
        return;
    }
  }

  private async load(setup: WorkerSetup): Promise<Engine> {
    const logger: Logger = { log: (level, message) => this.send({ type: 'log', level, message }) };
    const shared = {
      leases: new LeaseFolder(join(setup.storagePath, 'leases'), systemClock),
      clock: systemClock,
      random: Math.random,
      limits: () => this.limits,
      logger,
    };
    const windows = new OtherWindows(join(setup.storagePath, 'windows'), systemClock);
    const tools: EngineTools = {
      ...shared,
      reader: this.reader,
      signer: {
        signGet: (object, signal, refusal) =>
          this.questions.ask({ type: 'sign', object, ...defined({ refusal }) }, signal),
      },
      keptUrls: {
        load: (id, signal) =>
          this.urlQuestions.ask((questionId) => this.send({ type: 'askUrl', questionId, id }), signal),
      },
      store: new CheckpointStore(join(setup.storagePath, checkpointFolder), logger),
      budget: new ConnectionBudget(setup.limits.maxConnections, systemClock),
      bandwidth: new Bandwidth(systemClock, () => this.limits.bytesPerSecond ?? 0),
      blocks: new BlockPool(),
      crc64: createCrc64(),
    };
    const manager = new DownloadManager(tools, windows);
    const batches = new BatchManager({
      ...shared,
      engine: manager,
      windows,
      store: new BatchStore(join(setup.storagePath, batchFolder), logger),
      host: {
        listObjects: (bucket, prefix, from, signal) =>
          this.questions.ask({ type: 'list', bucket, prefix, from }, signal),
        askConflict: (path, signal) => this.questions.ask({ type: 'conflict', path }, signal),
      },
    });
    await manager.load();
    await batches.load();
    this.send({ type: 'ready', downloads: manager.downloads, batches: batches.batches });
    this.changes.told(manager.downloads);
    manager.onDidChange((download) => this.changes.tell(download));
    manager.onDidRemove((id) => this.changes.remove(id));
    batches.onDidChange((batch) => {
      if (batch.state.kind !== 'running') {
        this.changes.flush(); // who hears that it has ended finds its downloads gone
      }
      this.send({ type: 'batchChanged', batch });
    });
    batches.onDidRemove((id) => this.send({ type: 'batchRemoved', id }));
    return { manager, batches, tools };
  }

  private async answer(callId: number, call: WorkerCall): Promise<void> {
    const controller = new AbortController();
    this.abandonable.set(callId, controller);
    const result = await this.perform(call, controller.signal);
    this.changes.flush();
    this.send({ type: 'result', callId, result });
    this.abandonable.delete(callId);
  }

  /** @param signal heard by the calls that only read */
  private async perform(call: WorkerCall, signal: AbortSignal): Promise<CallResult> {
    try {
      const { manager, batches, tools } = await this.loading;
      switch (call.type) {
        case 'add':
          return { ok: true, id: await manager.add(call.request) };
        case 'replaceUrl':
          await manager.replaceUrl(call.id, call.url);
          return { ok: true, id: call.id };
        case 'verify':
          return { ok: true, id: call.id, verdict: await manager.verify(call.id, signal) };
        case 'read':
          return { ok: true, content: await readContent(tools, call.request, signal) };
        case 'addBatch':
          return { ok: true, id: await batches.add(call.request) };
        case 'batch':
          await batches[call.action](call.id);
          return { ok: true, id: call.id };
        case 'reportBatch':
          return { ok: true, id: call.id, report: batches.report(call.id) };
        case 'shutdown':
          await Promise.all([batches.shutdown(), manager.shutdown()]);
          await this.reader.close();
          return { ok: true };
        default:
          await manager[call.type](call.id);
          return { ok: true, id: call.id };
      }
    } catch (error) {
      return { ok: false, error: toErrorRecord(error) };
    }
  }
}
