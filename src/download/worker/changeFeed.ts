import type { DownloadSnapshot } from '../model.ts';

/** Soon enough for the eye, and rare enough that thousands of small objects do not keep both sides busy with news. */
const gatherMs = 50;

/**
 * Gathers what happens to downloads and tells it together, the newest of each. What comes and goes in between is never
 * told of: most small objects.
 */
export class ChangeFeed {
  private readonly tellChanged: (downloads: readonly DownloadSnapshot[]) => void;
  private readonly tellRemoved: (ids: readonly string[]) => void;
  private readonly changed = new Map<string, DownloadSnapshot>();
  private readonly removed: string[] = [];
  /** What the other side knows of, by id. */
  private readonly known = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    tellChanged: (downloads: readonly DownloadSnapshot[]) => void,
    tellRemoved: (ids: readonly string[]) => void,
  ) {
    this.tellChanged = tellChanged;
    this.tellRemoved = tellRemoved;
  }

  /** These have been told of in another way. */
  told(downloads: readonly DownloadSnapshot[]): void {
    downloads.forEach(({ id }) => this.known.add(id));
  }

  tell(download: DownloadSnapshot): void {
    this.changed.set(download.id, download);
    this.flushSoon();
  }

  remove(id: string): void {
    this.changed.delete(id);
    if (this.known.delete(id)) {
      this.removed.push(id);
      this.flushSoon();
    }
  }

  /** Tells at once what is waiting: to be called before an answer that speaks of it. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.removed.length > 0) {
      this.tellRemoved(this.removed.splice(0));
    }
    if (this.changed.size > 0) {
      const downloads = [...this.changed.values()];
      this.changed.clear();
      this.told(downloads);
      this.tellChanged(downloads);
    }
  }

  private flushSoon(): void {
    this.timer ??= setTimeout(() => this.flush(), gatherMs);
  }
}
