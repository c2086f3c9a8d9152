import type { DownloadSnapshot } from '../model.ts';

/** Changes are sent at most this often: fast enough for the eye, cheap enough for thousands of small objects. */
const sendEveryMs = 50;

/**
 * Collects changes of downloads and sends them together, the newest of each. Downloads that are added and removed in
 * between, such as most small objects, are never sent.
 */
export class ChangeFeed {
  private readonly sendChanged: (downloads: readonly DownloadSnapshot[]) => void;
  private readonly sendRemoved: (ids: readonly string[]) => void;
  private readonly changed = new Map<string, DownloadSnapshot>();
  private readonly removed: string[] = [];
  /** Ids of the downloads that the other side knows. */
  private readonly sent = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    sendChanged: (downloads: readonly DownloadSnapshot[]) => void,
    sendRemoved: (ids: readonly string[]) => void,
  ) {
    this.sendChanged = sendChanged;
    this.sendRemoved = sendRemoved;
  }

  /** Registers downloads that were sent another way. */
  markSent(downloads: readonly DownloadSnapshot[]): void {
    downloads.forEach(({ id }) => this.sent.add(id));
  }

  update(download: DownloadSnapshot): void {
    this.changed.set(download.id, download);
    this.flushSoon();
  }

  remove(id: string): void {
    this.changed.delete(id);
    if (this.sent.delete(id)) {
      this.removed.push(id);
      this.flushSoon();
    }
  }

  /** Sends the collected changes now: to be called before a result that depends on them. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.removed.length > 0) {
      this.sendRemoved(this.removed.splice(0));
    }
    if (this.changed.size > 0) {
      const downloads = [...this.changed.values()];
      this.changed.clear();
      this.markSent(downloads);
      this.sendChanged(downloads);
    }
  }

  private flushSoon(): void {
    this.timer ??= setTimeout(() => this.flush(), sendEveryMs);
  }
}
