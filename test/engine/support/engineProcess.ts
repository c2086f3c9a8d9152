import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fromErrorRecord } from '../../../src/base/errors.ts';
import type { DownloadRequest, DownloadSnapshot } from '../../../src/download/model.ts';
import type { HostCall, HostEvent, HostMemory, HostResult, HostSetup } from './hostProtocol.ts';

/** The engine in a process of its own, as the one who starts and kills it sees it. */
export class EngineProcess {
  /** Resolves when the process is gone, however. */
  readonly ended: Promise<void>;
  /** By id. */
  readonly downloads = new Map<string, DownloadSnapshot>();
  onChange: (download: DownloadSnapshot) => void = () => undefined;
  onLog: (line: string) => void = () => undefined;
  private readonly child: ChildProcess;
  private readonly calls = new Map<number, (result: HostResult) => void>();
  private lastCallId = 0;
  private readonly becomingReady = Promise.withResolvers<undefined>();

  private constructor(setup: HostSetup) {
    this.child = fork(join(import.meta.dirname, 'engineHost.ts'), [JSON.stringify(setup)], {
      execArgv: ['--expose-gc'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.child.on('message', (event: HostEvent) => this.receive(event));
    this.ended = new Promise((resolve) => this.child.once('exit', () => resolve()));
    void this.ended.then(() => this.refuseCalls());
  }

  /** Starts the process at once, so that it can be killed while it gets ready. */
  static spawn(setup: HostSetup): EngineProcess {
    return new EngineProcess(setup);
  }

  /** Resolves when its downloads are known; also when it has ended before. */
  get ready(): Promise<void> {
    return this.becomingReady.promise;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async add(request: DownloadRequest): Promise<string> {
    const { id } = await this.call({ type: 'add', request });
    return id ?? '';
  }

  async resume(id: string): Promise<void> {
    await this.call({ type: 'resume', id });
  }

  async memory(): Promise<HostMemory> {
    const { memory } = await this.call({ type: 'memory' });
    if (memory === undefined) {
      throw new Error('the engine process did not tell its memory');
    }
    return memory;
  }

  /** Memory of the whole process as it is, in bytes. */
  async residentBytes(): Promise<number> {
    const { residentBytes } = await this.call({ type: 'resident' });
    if (residentBytes === undefined) {
      throw new Error('the engine process did not tell its memory');
    }
    return residentBytes;
  }

  /** @throws AppError of the engine; Error when the process ends before it answers */
  async call(call: HostCall): Promise<HostResult & { ok: true }> {
    const callId = ++this.lastCallId;
    const answered = new Promise<HostResult>((resolve) => this.calls.set(callId, resolve));
    if (this.hasEnded || !this.child.connected) {
      throw new ProcessEnded();
    }
    this.child.send({ callId, call }, (error) => {
      if (error !== null) {
        this.refuseCalls();
      }
    });
    const result = await answered;
    if (!result.ok) {
      throw result.error.message === endedMessage ? new ProcessEnded() : fromErrorRecord(result.error);
    }
    return result;
  }

  /** SIGKILL: no handler runs, nothing is flushed. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** Ends it in order. */
  async shutdown(): Promise<void> {
    await this.call({ type: 'shutdown' });
    await this.ended;
  }

  private receive(event: HostEvent): void {
    switch (event.type) {
      case 'ready':
        event.downloads.forEach((download) => this.downloads.set(download.id, download));
        this.becomingReady.resolve(undefined);
        return;
      case 'changed':
        this.downloads.set(event.download.id, event.download);
        this.onChange(event.download);
        return;
      case 'removed':
        this.downloads.delete(event.id);
        return;
      case 'result':
        this.calls.get(event.callId)?.(event.result);
        this.calls.delete(event.callId);
        return;
      case 'log':
        this.onLog(`${event.level}: ${event.message}`);
    }
  }

  private refuseCalls(): void {
    this.becomingReady.resolve(undefined);
    for (const answer of this.calls.values()) {
      answer({ ok: false, error: { code: 'internal', message: endedMessage, retryable: false, details: {} } });
    }
    this.calls.clear();
  }
}

const endedMessage = 'the engine process has ended';

/** What calls fail with whose process was killed meanwhile. */
export class ProcessEnded extends Error {
  override readonly name = 'ProcessEnded';

  constructor() {
    super(endedMessage);
  }
}
