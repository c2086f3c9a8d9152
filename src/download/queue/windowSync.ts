import { defined } from '../../base/defined.ts';
import { toAppError } from '../../base/errors.ts';
import { Download } from './download.ts';
import { isActive, isFinal } from '../downloadState.ts';
import type { DownloadRegistry } from './registry.ts';
import { askable } from '../windows/otherWindows.ts';
import type { ActiveStatus, OtherWindows, Wish } from '../windows/otherWindows.ts';
import type { EngineTools } from '../transfer/transfer.ts';

const roundMs = 500;
/** Progress is told to other windows, and looked up, every so many rounds; wishes in every one. */
const roundsPerLook = 2;

/**
 * Keeps the downloads of this process in step with those of other windows, which share checkpoints and target folders.
 */
export class WindowSync {
  private readonly registry: DownloadRegistry;
  private readonly windows: OtherWindows;
  private readonly tools: EngineTools;
  private readonly perform: (wish: Wish) => Promise<void>;
  /** Checkpoints that were seen, readable or not. */
  private readonly onDisk = new Set<string>();
  /**
   * When the checkpoints of halted downloads had last changed, as they were compared; before that, as they were when
   * they were read.
   */
  private readonly compared = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private round = Promise.resolve();
  /** The publication that waits for the one before it to end. */
  private nextPublication: Promise<void> | undefined;
  private publishing = Promise.resolve();
  private looking = Promise.resolve();
  private rounds = 0;

  /** @param perform does what another window wishes of a download of this one */
  constructor(
    registry: DownloadRegistry,
    windows: OtherWindows,
    tools: EngineTools,
    perform: (wish: Wish) => Promise<void>,
  ) {
    this.registry = registry;
    this.windows = windows;
    this.tools = tools;
    this.perform = perform;
  }

  /** Begins to look at the other windows, a first time at once. */
  async start(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => {
      this.round = this.round.then(() => this.next());
    }, roundMs);
  }

  /** Takes this window out of the others' sight. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.round;
    await this.windows.publish(new Map());
  }

  /** Tells the other windows what this one is at. Calls that come while one waits for its turn share it. */
  async publish(): Promise<void> {
    this.nextPublication ??= this.publishing.then(() => {
      this.nextPublication = undefined;
      const done = this.windows.publish(this.ownActive());
      this.publishing = done.catch(() => undefined);
      return done;
    });
    await this.nextPublication;
  }

  private async next(): Promise<void> {
    try {
      this.rounds += 1;
      const own = this.ownActive();
      if (this.rounds % roundsPerLook === 0) {
        await this.publish();
        await this.look();
      }
      const wishes = own.size > 0 ? await this.windows.takeWishes(new Set(own.keys()), askable) : [];
      await Promise.all(wishes.map((wish) => this.perform(wish)));
    } catch (error) {
      this.tools.logger.log('debug', `other windows cannot be seen just now: ${toAppError(error).message}`);
    }
  }

  private ownActive(): ReadonlyMap<string, ActiveStatus> {
    const own = new Map<string, ActiveStatus>();
    for (const download of this.registry.all()) {
      const { state, bytesDone, bytesTotal, bytesPerSecond } = download.snapshot();
      if (!download.isRemote && (state.kind === 'queued' || state.kind === 'running' || state.kind === 'waiting')) {
        own.set(download.id, { state, bytesDone, bytesPerSecond, ...defined({ bytesTotal }) });
      }
    }
    return own;
  }

  /** Takes over what the other windows tell. One look at a time: an older one must not be applied after a newer one. */
  async look(): Promise<void> {
    const done = this.looking.then(() => this.lookOnce());
    this.looking = done.catch(() => undefined);
    await done;
  }

  private async lookOnce(): Promise<void> {
    const [ids, elsewhere] = [await this.tools.store.ids(), await this.windows.active()];
    for (const id of ids) {
      if (!this.onDisk.has(id) && this.registry.find(id) === undefined) {
        await this.meet(id, elsewhere.get(id));
      }
      this.onDisk.add(id);
    }
    this.forgetGone(ids);
    for (const download of this.registry.all()) {
      const { id } = download.header;
      const status = elsewhere.get(id);
      if (isOwn(download)) {
        continue;
      }
      if (this.onDisk.has(id) && !ids.has(id)) {
        this.registry.remove(download);
      } else if (status !== undefined) {
        download.showElsewhere(status);
        this.registry.notify(download);
      } else if (download.isRemote) {
        await this.takeBack(download);
      } else if (!isFinal(download.state)) {
        await this.compare(download);
      }
    }
  }

  /** A batch of a million downloads must not leave a million ids behind. */
  private forgetGone(ids: ReadonlySet<string>): void {
    for (const id of this.onDisk) {
      if (!ids.has(id) && this.registry.find(id) === undefined) {
        this.onDisk.delete(id);
        this.compared.delete(id);
      }
    }
  }

  /** Adds a download of another window. @param status how it stands there, where that window is at it */
  private async meet(id: string, status: ActiveStatus | undefined): Promise<void> {
    const checkpoint = await this.tools.store.load(id).catch(() => undefined);
    if (checkpoint !== undefined && this.registry.find(id) === undefined) {
      const download = Download.fromCheckpoint(checkpoint, this.registry.notify);
      if (status !== undefined) {
        download.showElsewhere(status);
      }
      this.registry.add(download);
      this.registry.notify(download);
    }
  }

  /** What halted here may have been at work elsewhere and come to another end, quicker than one could see. */
  private async compare(download: Download): Promise<void> {
    const { id } = download.header;
    const changedMs = await this.tools.store.changedMs(id);
    if (changedMs !== undefined && changedMs !== (this.compared.get(id) ?? download.idleSinceMs)) {
      this.compared.set(id, changedMs);
      const checkpoint = await this.tools.store.load(id).catch(() => undefined);
      if (checkpoint !== undefined && !isOwn(download) && download.endedOtherwise(checkpoint)) {
        download.showCheckpoint(checkpoint);
        this.registry.notify(download);
      }
    }
  }

  /** Another window is no longer at it: it stands as the checkpoint says. */
  private async takeBack(download: Download): Promise<void> {
    const checkpoint = await this.tools.store.load(download.id).catch(() => undefined);
    if (checkpoint !== undefined && !isOwn(download)) {
      download.showCheckpoint(checkpoint);
      this.registry.notify(download);
    }
  }
}

/** This window is at it, so nobody else knows better; that may change while one reads the disk. */
function isOwn(download: Download): boolean {
  return download.session !== undefined || (isActive(download.state) && !download.isRemote);
}
