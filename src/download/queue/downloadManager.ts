import { randomUUID } from 'node:crypto';
import { isAbsolute } from 'node:path';
import type { Event } from '../../base/emitter.ts';
import { AppError } from '../../base/errors.ts';
import { isSameSource, labelOf, newHeader, storedUrl } from '../checkpoint/checkpointHeader.ts';
import { discardFiles } from '../transfer/runDownload.ts';
import { Download } from './download.ts';
import { DownloadRegistry } from './registry.ts';
import { canResume, isActive, isFinal } from '../downloadState.ts';
import type { DownloadRequest, DownloadSnapshot, FileVerdict } from '../model.ts';
import { windowActions } from '../windows/otherWindows.ts';
import type { ActiveStatus, OtherWindows, WindowAction } from '../windows/otherWindows.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { coalesceByKey } from '../../base/async.ts';
import { lstatOrUndefined, PartFile } from '../files/partFile.ts';
import { partPathOf } from '../files/partPath.ts';
import { Scheduler } from './scheduler.ts';
import { isSmall } from '../transfer/smallDownload.ts';
import type { EngineDeps } from '../transfer/transfer.ts';
import { verifyFile } from '../transfer/verifyFile.ts';
import { WindowSync } from '../windows/windowSync.ts';

/** Sole owner of the states of this window's downloads; see `DownloadService` for the calls. */
export class DownloadManager {
  readonly onDidChange: Event<DownloadSnapshot>;
  readonly onDidRemove: Event<string>;
  private readonly deps: EngineDeps;
  private readonly registry = new DownloadRegistry();
  private readonly scheduler: Scheduler;
  private readonly sync: WindowSync<Download, Checkpoint, ActiveStatus, WindowAction>;
  private readonly closing = new AbortController();
  /** Reports the downloads of this window to the others; simultaneous calls share one report. */
  private readonly publish: () => Promise<void>;

  constructor(deps: EngineDeps, windows: OtherWindows) {
    this.deps = deps;
    this.scheduler = new Scheduler(this.registry, deps);
    const publish = coalesceByKey(() => windows.publish(this.activeStatuses()));
    this.publish = () => publish('');
    this.sync = new WindowSync<Download, Checkpoint, ActiveStatus, WindowAction>(
      {
        list: this.registry,
        store: deps.store,
        leasePath: ({ header }) => partPathOf(header.path),
        adopt: (checkpoint) => Download.fromCheckpoint(checkpoint, this.registry.notify),
        publish: this.publish,
        remote: () => windows.active(),
        actions: windowActions,
        perform: ({ id, action }) => this[action](id),
      },
      { ...deps, windows },
      this.closing.signal,
    );
    this.onDidChange = this.registry.onDidChange;
    this.onDidRemove = this.registry.onDidRemove;
  }

  /** Reads the checkpoints of earlier sessions: to be awaited before all other calls. @throws AppError `disk/*` */
  async load(): Promise<void> {
    for (const checkpoint of await this.deps.store.loadAll()) {
      const download = Download.fromCheckpoint(checkpoint, this.registry.notify);
      download.idleSinceMs = checkpoint.changedMs;
      download.recordMs = checkpoint.changedMs;
      this.registry.add(download);
    }
    await this.sync.start();
  }

  /** Oldest first. */
  get downloads(): readonly DownloadSnapshot[] {
    return this.registry.all().map((download) => download.snapshot());
  }

  /**
   * Queues a download and returns its id; for the same object and file twice, resumes the first and returns its id.
   * @throws AppError `disk/targetExists`, `input/invalidPath`, `disk/*`
   */
  async add(request: DownloadRequest): Promise<string> {
    const header = newHeader(randomUUID(), this.deps.clock.wallMs(), request);
    await requireFreePath(request, isSmall(header));
    const twin = this.registry.unfinishedAt(request.path);
    if (twin !== undefined) {
      if (!isSameSource(twin.header.source, header.source)) {
        throw pathTaken(request.path, 'another download writes to this path');
      }
      if (request.source.kind === 'url' && request.source.url !== (twin.url ?? labelOf(twin.header.source))) {
        await this.replaceUrl(twin.header.id, request.source.url);
      }
      if (request.awaitRestore === true) {
        await this.awaitRestore(twin.header.id);
      }
      await this.resume(twin.header.id);
      return twin.header.id;
    }
    const download = new Download(
      header,
      request.source.kind === 'url' ? request.source.url : undefined,
      { kind: 'queued' },
      this.registry.notify,
    );
    this.registry.add(download);
    try {
      // downloads of a batch are in the batch's record
      if (request.batch === undefined) {
        // Before the checkpoint: other windows show a checkpoint without an owner as interrupted.
        await this.publish();
        await download.inTurn(() => this.deps.store.save(header, []));
      }
    } catch (error) {
      this.registry.drop(download);
      throw error;
    }
    this.registry.notify(download);
    // after the save: a session writes to the same checkpoint
    this.scheduler.enqueue(download);
    return header.id;
  }

  async pause(id: string): Promise<void> {
    await this.registry.inTurn(id, async (download) => {
      if (download.isRemote && (await this.sync.askOwner(download, 'pause'))) {
        return;
      }
      await this.stopSession(download, 'pause');
      if (isActive(download.state)) {
        download.dispatch({ type: 'pause' });
        await this.deps.store.mark(download.header, { kind: 'stopped', reason: 'paused' });
      }
      await this.publish();
    });
  }

  async resume(id: string): Promise<void> {
    await this.registry.inTurn(id, async (download) => {
      if (download.isRemote) {
        await this.sync.poll(); // its window may have stopped
      }
      if (canResume(download.state)) {
        download.resetNetworkWaits();
        download.dispatch({ type: 'resume' });
        this.scheduler.enqueue(download);
      }
    });
  }

  async prioritize(id: string): Promise<void> {
    await this.registry.inTurn(id, async (download) => {
      if (download.isRemote) {
        await this.sync.askOwner(download, 'prioritize');
      } else if (download.state.kind === 'queued') {
        this.scheduler.prioritize(download);
      }
    });
  }

  async restart(id: string): Promise<void> {
    await this.registry.inTurn(id, async (download) => {
      await this.halt(download);
      if (isFinal(download.state)) {
        return;
      }
      await this.sync.underLease(download, async () => {
        await PartFile.discard(partPathOf(download.header.path));
        download.forgetBytes();
        await this.deps.store.save(download.header, []);
      });
      download.dispatch({ type: 'restart' });
      this.scheduler.enqueue(download);
    });
  }

  async replaceUrl(id: string, url: string): Promise<void> {
    await this.registry.inTurn(id, async (download) => {
      if (download.header.source.kind !== 'url') {
        throw new AppError('input/invalidPath', `the download is not from a URL: ${labelOf(download.header.source)}`);
      }
      await this.halt(download);
      const source = storedUrl(url);
      await this.sync.underLease(download, () => this.deps.store.editHeader(id, (header) => ({ ...header, source })));
      download.header = { ...download.header, source };
      download.url = url;
      download.dispatch({ type: 'ready' });
      this.scheduler.enqueue(download);
      this.registry.notify(download);
    });
  }

  async cancel(id: string): Promise<void> {
    await this.registry.inTurn(id, async (download) => {
      if (download.isRemote && (await this.sync.askOwner(download, 'cancel'))) {
        return;
      }
      await this.stopSession(download, 'interrupt');
      // must not start from the queue while its files are deleted
      download.dispatch({ type: 'interrupt' });
      await this.publish();
      if (isFinal(download.state)) {
        return;
      }
      await this.sync.underLease(download, () => discardFiles(download.header, this.deps));
      download.dispatch({ type: 'cancel' });
      this.registry.remove(download);
    });
  }

  /** @throws AppError `internal` for an unfinished download: its partial file would remain */
  async remove(id: string): Promise<void> {
    await this.registry.inTurn(id, async (download) => {
      if (!isFinal(download.state)) {
        throw new AppError(
          'internal',
          `only a finished download can be removed from the list: ${download.header.path}`,
        );
      }
      await this.deps.store.remove(id);
      this.registry.remove(download);
    });
  }

  /** Verifies the file. Does not wait for other calls: it only reads, and may take long. */
  async verify(id: string, signal: AbortSignal): Promise<FileVerdict> {
    const { header, state } = this.registry.require(id);
    if (state.kind !== 'completed') {
      throw new AppError('internal', `only a finished download can be verified: ${header.path}`);
    }
    const checkpoint = await this.deps.store.load(id);
    return verifyFile(
      header.path,
      (checkpoint?.header ?? header).object,
      this.deps.crc64,
      AbortSignal.any([signal, this.closing.signal]),
    );
  }

  /** Applies changes of other windows now instead of within a second. @throws AppError `disk/*` */
  async poll(): Promise<void> {
    await this.sync.poll();
  }

  /** Applies new limits: to be called after `deps.limits` changed. */
  limitsChanged(): void {
    this.deps.budget.setCeiling(this.deps.limits().maxConnections);
    this.scheduler.startQueued();
  }

  /** Stops all downloads as `interrupted`, within a second. */
  async shutdown(): Promise<void> {
    this.closing.abort();
    await Promise.all([this.sync.stop().then(this.publish), this.scheduler.shutdown()]);
  }

  /** Makes an existing download wait for the restore of its object. */
  private async awaitRestore(id: string): Promise<void> {
    await this.registry.inTurn(id, async (download) => {
      if (download.header.awaitRestore !== true) {
        await this.halt(download);
        await this.sync.underLease(download, () =>
          this.deps.store.editHeader(id, (header) => ({ ...header, awaitRestore: true })),
        );
        download.header = { ...download.header, awaitRestore: true };
      }
    });
  }

  /** Stops the session of a download, in this window or another. */
  private async halt(download: Download): Promise<void> {
    if (download.isRemote) {
      await this.sync.askOwner(download, 'pause');
    }
    await this.stopSession(download, 'pause');
  }

  /** Repeats the stop: a queued download may start when the end of another one makes room. */
  private async stopSession(download: Download, how: 'pause' | 'interrupt'): Promise<void> {
    do {
      await this.scheduler.stop(download, how);
    } while (download.session !== undefined);
  }

  /** Statuses for the other windows; empty while this window closes. */
  private activeStatuses(): ReadonlyMap<string, ActiveStatus> {
    const statuses = new Map<string, ActiveStatus>();
    for (const download of this.closing.signal.aborted ? [] : this.registry.all()) {
      const status = download.activeStatus;
      if (status !== undefined) {
        statuses.set(download.id, status);
      }
    }
    return statuses;
  }
}

/** @param isCheckedLater skip the check: the commit detects an existing file */
async function requireFreePath({ path, overwrite }: DownloadRequest, isCheckedLater: boolean): Promise<void> {
  if (!isAbsolute(path)) {
    throw new AppError('input/invalidPath', `a download needs an absolute path: ${path}`, {
      details: { subject: path },
    });
  }
  const existing = isCheckedLater ? undefined : await lstatOrUndefined(path);
  if (existing !== undefined && (!overwrite || existing.isDirectory())) {
    throw pathTaken(path, existing.isDirectory() ? 'a folder is already there' : 'a file is already there');
  }
}

function pathTaken(path: string, why: string): AppError {
  return new AppError('disk/targetExists', `${why}: ${path}`, { details: { subject: path } });
}
