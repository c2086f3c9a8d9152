import { type BackoffOptions, backoffMs } from '../base/backoff.ts';
import type { ErrorRecord } from '../base/errors.ts';
import { type Outcome, runDownload, StopRequest } from './download.ts';
import type { DownloadEntry } from './downloadEntry.ts';
import type { DownloadRegistry } from './downloadRegistry.ts';
import type { DownloadEvent } from './downloadState.ts';
import type { EngineTools } from './transfer.ts';

/** Progress is told at most four times a second. */
const tickMs = 250;
/** What is not down by then is left to the next start: a shutdown has less than a second. */
const shutdownMs = 700;
/** A network that went away is looked for again after 2 s, 4 s, … 30 s; about ten minutes in all. */
const networkBackoff = { firstMs: 2000, maxMs: 30_000 };
const maxNetworkWaits = 22;
/** Objects up to this size do not count against `concurrentDownloads`: as many of them run as there are connections. */
const smallBytes = 1024 ** 2;
/** A restore takes a minute or two days, by storage class: asked for after 20 s at most, later every five minutes. */
const restoreBackoff: BackoffOptions = { firstMs: 20_000, maxMs: 300_000 };

/** Runs the queued downloads of this process, as many at once as the limits allow, and moves their states. */
export class Sessions {
  private readonly registry: DownloadRegistry;
  private readonly tools: EngineTools;
  private readonly closing = new AbortController();
  private ticker: NodeJS.Timeout | undefined;

  constructor(registry: DownloadRegistry, tools: EngineTools) {
    this.registry = registry;
    this.tools = tools;
  }

  /** Starts what is queued, oldest first, as far as there is room for its kind. */
  startQueued(): void {
    const { concurrentDownloads, maxConnections } = this.tools.limits();
    const running = this.running();
    const small = running.filter(isSmall).length;
    const free = { small: maxConnections - small, large: concurrentDownloads - (running.length - small) };
    for (const entry of this.registry.all()) {
      const kind = isSmall(entry) ? 'small' : 'large';
      if (free[kind] > 0 && !this.closing.signal.aborted && entry.state.kind === 'queued' && entry.isRecorded && entry.session === undefined) {
        this.start(entry);
        free[kind] -= 1;
      }
    }
  }

  /** Ends the session of a download, if there is one. Resolves when its state says so. */
  async stop(entry: DownloadEntry, how: StopRequest['stop']): Promise<void> {
    entry.session?.controller.abort(new StopRequest(how));
    await entry.session?.done;
  }

  /** Leaves everything that is not finished `interrupted`, within a second. */
  async shutdown(): Promise<void> {
    this.closing.abort();
    const stopping = this.registry.all().map(async (entry) => {
      await this.stop(entry, 'interrupt');
      if (!entry.isElsewhere) {
        entry.dispatch({ type: 'interrupt' });
      }
    });
    let limit: NodeJS.Timeout | undefined;
    await Promise.race([Promise.all(stopping), new Promise((resolve) => (limit = setTimeout(resolve, shutdownMs)))]);
    clearTimeout(limit);
    clearInterval(this.ticker);
  }

  private running(): readonly DownloadEntry[] {
    return this.registry.all().filter((entry) => entry.session !== undefined);
  }

  private start(entry: DownloadEntry): void {
    const controller = new AbortController();
    const job = { header: entry.header, ...(entry.url === undefined ? {} : { url: entry.url }) };
    entry.dispatch({ type: 'start' });
    const done = runDownload(job, this.toolsFor(entry), entry, controller.signal).then((outcome) => {
      entry.session = undefined;
      this.settle(entry, outcome, controller.signal);
      this.startQueued();
      this.tick();
    });
    entry.session = { controller, done };
    this.ticker ??= setInterval(() => this.tick(), tickMs);
  }

  /** While the network is looked for one attempt at a time is enough: a failed one is a look, and the next look comes. */
  private toolsFor(entry: DownloadEntry): EngineTools {
    const { limits } = this.tools;
    return { ...this.tools, limits: () => (entry.networkWaits > 0 ? { ...limits(), retries: 0 } : limits()) };
  }

  private settle(entry: DownloadEntry, outcome: Outcome, signal: AbortSignal): void {
    if (outcome.kind === 'failed' && isNetworkGone(outcome.error) && entry.hadNetwork && entry.networkWaits < maxNetworkWaits) {
      entry.networkWaits += 1;
      entry.dispatch({ type: 'wait', reason: 'network' });
      void this.lookAgain(entry, entry.networkWaits, networkBackoff);
      return;
    }
    entry.dispatch(eventOf(outcome, signal));
    if (entry.state.kind === 'waiting' && entry.state.reason === 'restore') {
      entry.restoreWaits += 1;
      void this.lookAgain(entry, entry.restoreWaits, restoreBackoff);
    }
  }

  /** Ends a wait after a while; whether what was waited for is there shows in the attempt. */
  private async lookAgain(entry: DownloadEntry, waits: number, backoff: BackoffOptions): Promise<void> {
    const { clock, random } = this.tools;
    try {
      await clock.delay(backoffMs(waits, backoff, random), this.closing.signal);
    } catch {
      return; // shut down
    }
    entry.dispatch({ type: 'ready' });
    this.startQueued();
  }

  private tick(): void {
    const running = this.running();
    for (const entry of running) {
      entry.sampleRate(this.tools.clock.steadyMs());
      this.registry.tell(entry);
    }
    if (running.length === 0) {
      clearInterval(this.ticker);
      this.ticker = undefined;
    }
  }
}

/** For one that takes a single short request the way there and the disk are what takes time, not the line. */
function isSmall({ knownBytes }: DownloadEntry): boolean {
  return knownBytes !== undefined && knownBytes <= smallBytes;
}

function eventOf(outcome: Outcome, signal: AbortSignal): DownloadEvent {
  switch (outcome.kind) {
    case 'completed':
      return { type: 'finish', verified: outcome.verified };
    case 'waiting':
      return { type: 'wait', reason: outcome.reason };
    case 'failed':
      // Another window is at it: nothing has failed, and what comes of it will be seen.
      return outcome.error.code === 'download/ownedElsewhere' ? { type: 'interrupt' } : { type: 'fail', error: outcome.error, canResume: outcome.canResume };
    case 'stopped':
      return { type: signal.reason instanceof StopRequest ? signal.reason.stop : 'interrupt' };
  }
}

/** The way there broke, and may be mended: another network, a machine that woke up. */
function isNetworkGone({ code, retryable }: ErrorRecord): boolean {
  return retryable && code.startsWith('network/');
}
