import type { DownloadSnapshot } from '../model.ts';

/** Soon enough for the eye, and rare enough that thousands of small objects do not keep both sides busy with news. */
const gatherMs = 50;

/** Gathers the changes of downloads and sends the newest of each together. */
export class ChangeFeed {
  private readonly send: (downloads: readonly DownloadSnapshot[]) => void;
  private readonly waiting = new Map<string, DownloadSnapshot>();
  private timer: NodeJS.Timeout | undefined;

  constructor(send: (downloads: readonly DownloadSnapshot[]) => void) {
    this.send = send;
  }

  tell(download: DownloadSnapshot): void {
    this.waiting.set(download.id, download);
    this.timer ??= setTimeout(() => this.flush(), gatherMs);
  }

  /** What is gone is not told of any more. */
  drop(id: string): void {
    this.waiting.delete(id);
  }

  /** Sends at once what is waiting: to be called before an answer that speaks of it. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.waiting.size > 0) {
      const downloads = [...this.waiting.values()];
      this.waiting.clear();
      this.send(downloads);
    }
  }
}
