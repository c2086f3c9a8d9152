import { randomUUID } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { backoffMs } from '../base/backoff.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import { AppError, type ErrorRecord } from '../base/errors.ts';
import { labelOf, newHeader, storedUrl } from './checkpointHeader.ts';
import { discardFiles, type Outcome, runDownload, StopRequest } from './download.ts';
import { DownloadEntry } from './downloadEntry.ts';
import { canResume, type DownloadEvent, isActive, isFinal } from './downloadState.ts';
import type { DownloadRequest, DownloadSnapshot } from './model.ts';
import { lstatOrUndefined, PartFile, partPathOf } from './partFile.ts';
import type { EngineTools } from './transfer.ts';

/** Progress is told at most four times a second. */
const tickMs = 250;
/** What is not down by then is left to the next start: a shutdown has less than a second. */
const shutdownMs = 700;
/** A network that went away is looked for again after 2 s, 4 s, … 30 s; about ten minutes in all. */
const networkBackoff = { firstMs: 2000, maxMs: 30_000 };
const maxNetworkWaits = 22;

/** Sole owner of the states of all downloads; see `DownloadService` for what the calls mean. */
export class DownloadManager {
  private readonly tools: EngineTools;
  private readonly entries = new Map<string, DownloadEntry>();
  private readonly changed = new Emitter<DownloadSnapshot>();
  private readonly removed = new Emitter<string>();
  private ticker: NodeJS.Timeout | undefined;
  private readonly closing = new AbortController();

  readonly onDidChange: Event<DownloadSnapshot> = this.changed.event;
  readonly onDidRemove: Event<string> = this.removed.event;

  constructor(tools: EngineTools) {
    this.tools = tools;
  }

  /** Reads the checkpoints of earlier sessions. To be awaited before anything else. @throws AppError `disk/*` */
  async load(): Promise<void> {
    for (const checkpoint of await this.tools.store.loadAll()) {
      this.entries.set(checkpoint.header.id, DownloadEntry.fromCheckpoint(checkpoint, this.tell));
    }
  }

  /** Oldest first. */
  get downloads(): readonly DownloadSnapshot[] {
    return [...this.entries.values()].map((entry) => entry.snapshot());
  }

  /**
   * Queues a download and returns its id; asked twice for the same object and file, the id of the first, which goes on.
   * @throws AppError `disk/targetExists`, `input/invalidPath`, `disk/*`
   */
  async add(request: DownloadRequest): Promise<string> {
    await requireFreeTarget(request);
    const header = newHeader(randomUUID(), this.tools.clock.wallMs(), request);
    const twin = [...this.entries.values()].find((entry) => entry.header.path === request.path && !isFinal(entry.state));
    if (twin !== undefined) {
      if (labelOf(twin.header.source) !== labelOf(header.source)) {
        throw targetTaken(request.path, 'another download writes to this path');
      }
      await this.resume(twin.header.id);
      return twin.header.id;
    }
    const entry = new DownloadEntry(header, request.source.kind === 'url' ? request.source.url : undefined, { kind: 'queued' }, this.tell);
    this.entries.set(header.id, entry);
    try {
      await this.tools.store.save(header, []);
    } catch (error) {
      this.entries.delete(header.id);
      throw error;
    }
    this.tell(entry);
    this.startQueued();
    return header.id;
  }

  async pause(id: string): Promise<void> {
    const entry = this.require(id);
    if (entry.session !== undefined) {
      await stop(entry, 'pause');
    } else if (isActive(entry.state)) {
      entry.dispatch({ type: 'pause' });
      await this.tools.store.mark(entry.header, { kind: 'stopped', reason: 'paused' });
    }
  }

  async resume(id: string): Promise<void> {
    const entry = this.require(id);
    if (entry.session?.controller.signal.aborted === true) {
      await entry.session.done;
    }
    if (canResume(entry.state)) {
      entry.dispatch({ type: 'resume' });
      this.startQueued();
    }
  }

  async restart(id: string): Promise<void> {
    const entry = this.require(id);
    await stop(entry, 'pause');
    if (isFinal(entry.state)) {
      return;
    }
    await this.underLease(entry, async () => {
      await PartFile.discard(partPathOf(entry.header.path));
      entry.forgetBytes();
      await this.tools.store.save(entry.header, []);
    });
    entry.dispatch({ type: 'restart' });
    this.startQueued();
  }

  async replaceUrl(id: string, url: string): Promise<void> {
    const entry = this.require(id);
    if (entry.header.source.kind !== 'url') {
      throw new AppError('input/invalidPath', `the download is not from a URL: ${labelOf(entry.header.source)}`);
    }
    await stop(entry, 'pause');
    const source = storedUrl(url);
    await this.underLease(entry, () => this.tools.store.editHeader(id, (header) => ({ ...header, source })));
    entry.header = { ...entry.header, source };
    entry.url = url;
    entry.dispatch({ type: 'ready' });
    this.startQueued();
    this.tell(entry);
  }

  async cancel(id: string): Promise<void> {
    const entry = this.require(id);
    if (entry.session !== undefined) {
      await stop(entry, 'cancel');
    }
    if (isFinal(entry.state)) {
      return;
    }
    await this.underLease(entry, () => discardFiles(entry.header, this.tools));
    entry.dispatch({ type: 'cancel' });
    this.forget(entry);
  }

  /** @throws AppError `internal` for a download that is not finished: that would leave its partial behind */
  async remove(id: string): Promise<void> {
    const entry = this.require(id);
    if (!isFinal(entry.state)) {
      throw new AppError('internal', `only a finished download can be removed from the list: ${entry.header.path}`);
    }
    await this.tools.store.remove(id);
    this.forget(entry);
  }

  /** To be called after `tools.limits` gives new ones. */
  limitsChanged(): void {
    this.tools.budget.setCeiling(this.tools.limits().maxConnections);
    this.startQueued();
  }

  /** Stops everything as `interrupted`, within a second. */
  async shutdown(): Promise<void> {
    this.closing.abort();
    const sessions = [...this.entries.values()].map((entry) => {
      if (entry.session === undefined) {
        entry.dispatch({ type: 'interrupt' });
      }
      return stop(entry, 'interrupt');
    });
    let limit: NodeJS.Timeout | undefined;
    await Promise.race([Promise.all(sessions), new Promise((resolve) => (limit = setTimeout(resolve, shutdownMs)))]);
    clearTimeout(limit);
    clearInterval(this.ticker);
  }

  private require(id: string): DownloadEntry {
    const entry = this.entries.get(id);
    if (entry === undefined) {
      throw new AppError('download/notFound', `no such download: ${id}`);
    }
    return entry;
  }

  /** Changes the files of a download that no session is running for. @throws AppError `download/ownedElsewhere` */
  private async underLease(entry: DownloadEntry, change: () => Promise<void>): Promise<void> {
    const lease = await this.tools.leases.acquire(partPathOf(entry.header.path), new AbortController().signal);
    try {
      await change();
    } finally {
      await lease.release();
    }
  }

  private startQueued(): void {
    const all = [...this.entries.values()];
    let free = this.tools.limits().concurrentDownloads - all.filter((entry) => entry.session !== undefined).length;
    for (const entry of all) {
      if (free > 0 && !this.closing.signal.aborted && entry.state.kind === 'queued' && entry.session === undefined) {
        this.start(entry);
        free -= 1;
      }
    }
  }

  private start(entry: DownloadEntry): void {
    const controller = new AbortController();
    const job = { header: entry.header, ...(entry.url === undefined ? {} : { url: entry.url }) };
    entry.dispatch({ type: 'start' });
    const done = runDownload(job, this.tools, entry, controller.signal).then((outcome) => {
      entry.session = undefined;
      this.settle(entry, outcome, controller.signal);
      this.startQueued();
      this.tick();
    });
    entry.session = { controller, done };
    this.ticker ??= setInterval(() => this.tick(), tickMs);
  }

  private settle(entry: DownloadEntry, outcome: Outcome, signal: AbortSignal): void {
    if (outcome.kind === 'failed' && isNetworkGone(outcome.error) && entry.hasBytes && entry.networkWaits < maxNetworkWaits) {
      entry.networkWaits += 1;
      entry.dispatch({ type: 'wait', reason: 'network' });
      void this.lookAgain(entry);
      return;
    }
    entry.dispatch(eventOf(outcome, signal));
    if (entry.state.kind === 'cancelled') {
      this.forget(entry);
    }
  }

  /** Ends a wait for the network after a while; whether it is back shows in the attempt. */
  private async lookAgain(entry: DownloadEntry): Promise<void> {
    const { clock, random } = this.tools;
    try {
      await clock.delay(backoffMs(entry.networkWaits, networkBackoff, random), this.closing.signal);
    } catch {
      return; // shut down
    }
    entry.dispatch({ type: 'ready' });
    this.startQueued();
  }

  private tick(): void {
    const running = [...this.entries.values()].filter((entry) => entry.session !== undefined);
    for (const entry of running) {
      entry.sampleRate(this.tools.clock.steadyMs());
      this.tell(entry);
    }
    if (running.length === 0) {
      clearInterval(this.ticker);
      this.ticker = undefined;
    }
  }

  private forget(entry: DownloadEntry): void {
    if (this.entries.delete(entry.header.id)) {
      this.removed.fire(entry.header.id);
    }
  }

  private readonly tell = (entry: DownloadEntry): void => this.changed.fire(entry.snapshot());
}

async function stop(entry: DownloadEntry, how: StopRequest['stop']): Promise<void> {
  entry.session?.controller.abort(new StopRequest(how));
  await entry.session?.done;
}

function eventOf(outcome: Outcome, signal: AbortSignal): DownloadEvent {
  switch (outcome.kind) {
    case 'completed':
      return { type: 'finish', verified: outcome.verified };
    case 'waiting':
      return { type: 'wait', reason: outcome.reason };
    case 'failed':
      return { type: 'fail', error: outcome.error, canResume: outcome.canResume };
    case 'stopped':
      return { type: signal.reason instanceof StopRequest ? signal.reason.stop : 'interrupt' };
  }
}

/** The way there broke, and may be mended: another network, a machine that woke up. */
function isNetworkGone({ code, retryable }: ErrorRecord): boolean {
  return retryable && code.startsWith('network/');
}

async function requireFreeTarget({ path, overwrite }: DownloadRequest): Promise<void> {
  if (!isAbsolute(path)) {
    throw new AppError('input/invalidPath', `a download needs an absolute path: ${path}`, { details: { subject: path } });
  }
  const there = await lstatOrUndefined(path);
  if (there !== undefined && (!overwrite || there.isDirectory())) {
    throw targetTaken(path, there.isDirectory() ? 'a folder is already there' : 'a file is already there');
  }
}

function targetTaken(path: string, why: string): AppError {
  return new AppError('disk/targetExists', `${why}: ${path}`, { details: { subject: path } });
}
