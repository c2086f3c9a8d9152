import { defined } from '../../base/defined.ts';
import { backoffMs } from '../../base/backoff.ts';
import type { BackoffOptions } from '../../base/backoff.ts';
import { runDownload, StopRequest } from '../transfer/runDownload.ts';
import type { Outcome } from '../transfer/runDownload.ts';
import type { Download } from './download.ts';
import type { DownloadRegistry } from './registry.ts';
import type { DownloadEvent } from '../downloadState.ts';
import { firstPartBytes } from '../transfer/plan.ts';
import { isNetworkGone, maxNetworkWaits, networkBackoff } from '../transfer/retry.ts';
import type { EngineDeps } from '../transfer/transfer.ts';

/** Progress is reported at most four times a second. */
const tickMs = 250;
/** Sessions that take longer to stop are repaired at the next start: a shutdown has less than a second. */
const shutdownMs = 700;
/** Up to this size an object is `small`: latency and disk dominate, not bandwidth. */
const smallBytes = 1024 ** 2;
/** Concurrent small downloads per connection: one is written and synced, one is transferred, one gets its URL. */
const smallPerConnection = 3;
/** A restore takes a minute to two days, by storage class: first check within 20 s, later every five minutes. */
const restoreBackoff: BackoffOptions = { firstMs: 20_000, maxMs: 300_000 };

/**
 * Size class with its own queue and limit. `large` objects can use several connections each: the user's limit applies.
 * `onePart` objects use one connection each: as many run as there are connections.
 */
type Kind = 'small' | 'onePart' | 'large';

function byKind(): Readonly<Record<Kind, Set<Download>>> {
  return { small: new Set(), onePart: new Set(), large: new Set() };
}

/** Runs the queued downloads of this process, as many at once as the limits allow, and updates their states. */
export class Scheduler {
  private readonly registry: DownloadRegistry;
  private readonly deps: EngineDeps;
  private readonly closing = new AbortController();
  /** Downloads to start: prioritized ones first, then in the order of the requests. */
  private readonly queues = byKind();
  private readonly running = byKind();
  private ticker: NodeJS.Timeout | undefined;

  constructor(registry: DownloadRegistry, deps: EngineDeps) {
    this.registry = registry;
    this.deps = deps;
  }

  /** Starts a `queued` download, whose checkpoint is on disk, as soon as there is room for its kind. */
  enqueue(download: Download): void {
    this.queues[this.kindOf(download)].add(download);
    this.startQueued();
  }

  /** Starts queued downloads if there is room: to be called when limits change. */
  startQueued(): void {
    const { concurrentDownloads, maxConnections } = this.deps.limits();
    this.startSome('small', smallPerConnection * maxConnections);
    this.startSome('onePart', maxConnections);
    this.startSome('large', concurrentDownloads);
  }

  /** Moves a queued download to the front of the queue of its kind; has no effect on others. */
  prioritize(download: Download): void {
    const queue = Object.values(this.queues).find((each) => each.has(download));
    if (queue !== undefined) {
      const others = [...queue].filter((each) => each !== download);
      queue.clear();
      [download, ...others].forEach((each) => queue.add(each));
    }
  }

  /** Ends the session of a download, if any. Resolves when the state is updated. */
  async stop(download: Download, how: StopRequest['stop']): Promise<void> {
    download.session?.controller.abort(new StopRequest(how));
    await download.session?.done;
  }

  /** Marks all unfinished downloads as `interrupted`, within a second. */
  async shutdown(): Promise<void> {
    this.closing.abort();
    const stopping = this.registry.all().map(async (download) => {
      await this.stop(download, 'interrupt');
      if (!download.isRemote) {
        download.dispatch({ type: 'interrupt' });
      }
    });
    let limit: NodeJS.Timeout | undefined;
    await Promise.race([Promise.all(stopping), new Promise((resolve) => (limit = setTimeout(resolve, shutdownMs)))]);
    clearTimeout(limit);
    clearInterval(this.ticker);
  }

  private startSome(kind: Kind, limit: number): void {
    for (const download of this.queues[kind]) {
      if (this.running[kind].size >= limit || this.closing.signal.aborted) {
        return;
      }
      this.queues[kind].delete(download);
      // not if it was paused or cancelled meanwhile
      if (download.state.kind === 'queued' && download.session === undefined) {
        this.start(download, kind);
      }
    }
  }

  private start(download: Download, kind: Kind): void {
    const controller = new AbortController();
    const job = { header: download.header, isNew: download.isNew, ...defined({ url: download.url }) };
    download.isNew = false;
    download.dispatch({ type: 'start' });
    this.running[kind].add(download);
    const done = runDownload(job, this.depsFor(download), download, controller.signal).then((outcome) => {
      download.session = undefined;
      this.running[kind].delete(download);
      this.settle(download, outcome, controller.signal);
      this.startQueued();
      this.stopTicking();
    });
    download.session = { controller, done };
    this.ticker ??= setInterval(() => this.tick(), tickMs);
  }

  /** Allows no retries while a download waits for the network: each attempt is a check, and the next one follows. */
  private depsFor(download: Download): EngineDeps {
    const { limits } = this.deps;
    return { ...this.deps, limits: () => (download.networkWaits > 0 ? { ...limits(), retries: 0 } : limits()) };
  }

  private settle(download: Download, outcome: Outcome, signal: AbortSignal): void {
    if (
      outcome.kind === 'failed' &&
      isNetworkGone(outcome.error) &&
      download.hadNetwork &&
      download.networkWaits < maxNetworkWaits
    ) {
      download.networkWaits += 1;
      download.dispatch({ type: 'wait', reason: 'network' });
      this.deps.logger.log(
        'info',
        `the network is gone, ${outcome.error.code}, ${outcome.error.message}: ${download.header.path}`,
      );
      void this.retryLater(download, download.networkWaits, networkBackoff);
      return;
    }
    download.dispatch(eventOf(outcome, signal));
    this.log(download);
    if (download.state.kind === 'waiting' && download.state.reason === 'restore') {
      download.restoreWaits += 1;
      void this.retryLater(download, download.restoreWaits, restoreBackoff);
    }
  }

  private log({ state, header }: Download): void {
    const { logger } = this.deps;
    if (state.kind === 'failed') {
      logger.log('error', `download failed, ${state.error.code}, ${state.error.message}: ${header.path}`);
    } else if (state.kind === 'waiting') {
      logger.log(
        'info',
        `waiting for ${state.reason === 'url' ? 'another URL' : 'the object to be restored'}: ${header.path}`,
      );
    }
  }

  /** Queues a waiting download again after a delay: the attempt itself shows whether the wait is over. */
  private async retryLater(download: Download, waits: number, backoff: BackoffOptions): Promise<void> {
    const { clock, random } = this.deps;
    const wait = download.state;
    try {
      await clock.delay(backoffMs(waits, backoff, random), this.closing.signal);
    } catch {
      return; // shut down
    }
    // A wait that was paused meanwhile is over, also if another window resumed the download.
    if (download.state === wait && !download.isRemote) {
      download.dispatch({ type: 'ready' });
      this.enqueue(download);
    }
  }

  private kindOf({ knownBytes = Infinity }: Download): Kind {
    if (knownBytes <= smallBytes) {
      return 'small';
    }
    return knownBytes <= firstPartBytes(this.deps.limits().partSizeBytes) ? 'onePart' : 'large';
  }

  private tick(): void {
    for (const download of Object.values(this.running).flatMap((running) => [...running])) {
      download.sample(this.deps.clock.steadyMs());
    }
  }

  private stopTicking(): void {
    if (Object.values(this.running).every(({ size }) => size === 0)) {
      clearInterval(this.ticker);
      this.ticker = undefined;
    }
  }
}

function eventOf(outcome: Outcome, signal: AbortSignal): DownloadEvent {
  switch (outcome.kind) {
    case 'completed':
      return { type: 'finish', verified: outcome.verified };
    case 'waiting':
      return { type: 'wait', reason: outcome.reason };
    case 'failed':
      // Not a failure: another window runs it, and `WindowSync` shows its result.
      return outcome.error.code === 'download/ownedElsewhere'
        ? { type: 'interrupt' }
        : { type: 'fail', error: outcome.error, canResume: outcome.canResume };
    case 'stopped':
      return { type: signal.reason instanceof StopRequest ? signal.reason.stop : 'interrupt' };
  }
}
