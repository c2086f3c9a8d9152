import { deferred } from '../../base/async.ts';
import type { Deferred } from '../../base/async.ts';
import { isFinal } from '../downloadState.ts';
import type { DownloadSnapshot } from '../model.ts';

/** Downloads of one batch that are in the engine now. */
export class BatchItems {
  /** By id. */
  private readonly downloads = new Map<string, DownloadSnapshot>();
  private changed: Deferred<undefined> = deferred();

  all(): readonly DownloadSnapshot[] {
    return [...this.downloads.values()];
  }

  get isEmpty(): boolean {
    return this.downloads.size === 0;
  }

  get failed(): number {
    return this.count(({ state }) => state.kind === 'failed');
  }

  /** Number of downloads that were paused by themselves. */
  get paused(): number {
    return this.count(({ state }) => state.kind === 'paused');
  }

  /** Whether a download waits for the network. */
  get isWaiting(): boolean {
    return this.count(({ state }) => state.kind === 'waiting' && state.reason === 'network') > 0;
  }

  /** Bytes of the unfinished downloads. */
  get bytesDone(): number {
    let bytesDone = 0;
    for (const download of this.downloads.values()) {
      bytesDone += isFinal(download.state) ? 0 : download.bytesDone;
    }
    return bytesDone;
  }

  find(id: string): DownloadSnapshot | undefined {
    return this.downloads.get(id);
  }

  /** @returns the previous snapshot of the download, if any */
  set(download: DownloadSnapshot): DownloadSnapshot | undefined {
    const previous = this.downloads.get(download.id);
    this.downloads.set(download.id, download);
    this.notify();
    return previous;
  }

  /** @returns the last snapshot of the download, if any */
  remove(id: string): DownloadSnapshot | undefined {
    const download = this.downloads.get(id);
    if (download !== undefined) {
      this.downloads.delete(id);
      this.notify();
    }
    return download;
  }

  count(matches: (download: DownloadSnapshot) => boolean): number {
    let count = 0; // without an array: called several times for each object
    for (const download of this.downloads.values()) {
      count += matches(download) ? 1 : 0;
    }
    return count;
  }

  /** Resolves at the next change. */
  get nextChange(): Promise<unknown> {
    return this.changed.promise;
  }

  /** Resolves `nextChange`. */
  notify(): void {
    const { changed } = this;
    this.changed = deferred();
    changed.resolve(undefined);
  }
}
