import { DisposableList } from '../../base/disposable.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { DownloadSnapshot } from '../../download/model.ts';
import type { Downloads } from '../list/downloadList.ts';
import { isSecret } from './urlInput.ts';
import type { UrlVault } from '../profiles/secrets.ts';
import { isFinal, isFromUrl } from '../list/row.ts';

/** Events of downloads from URLs. */
export interface UrlEvents {
  /** The download is waiting for a new URL; called once for each wait. */
  onWaiting(download: DownloadSnapshot): void;
}

/**
 * Stores the complete URLs of downloads until they are finished or removed, in any window.
 */
export class UrlDownloads implements Disposable {
  private readonly downloads: Downloads;
  private readonly vault: UrlVault;
  private readonly events: UrlEvents;
  private readonly subscription = new DisposableList();
  /** Unfinished downloads by id, and whether each waits for a URL. */
  private readonly unfinished = new Map<string, boolean>();

  constructor(downloads: Downloads, vault: UrlVault, events: UrlEvents) {
    this.downloads = downloads;
    this.vault = vault;
    this.events = events;
    this.subscription.add(downloads.onDidChange((id) => (id === undefined ? this.lookAtAll() : this.lookAt(id))));
  }

  /** Stores the secret part of a URL, which the checkpoint lacks, for a restart. */
  async keep(id: string, url: string): Promise<void> {
    if (isSecret(url)) {
      await this.vault.save(id, url);
      const download = this.downloads.find(id);
      // A small file may be complete before its URL is stored.
      if (download === undefined || isFinal(download)) {
        await this.vault.remove(id);
      }
    }
  }

  /**
   * Gives a download a new URL of the same object, and resumes at the same byte. @throws AppError as `DownloadService`
   */
  async replace(id: string, url: string): Promise<void> {
    const service = await this.downloads.start();
    await service.replaceUrl(id, url);
    await this.keep(id, url);
    // It is paused now if another window owned it or the user paused it.
    await service.resume(id);
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private lookAtAll(): void {
    for (const { id } of this.downloads.all) {
      this.lookAt(id);
    }
  }

  private lookAt(id: string): void {
    const download = this.downloads.find(id);
    if (download === undefined ? this.unfinished.has(id) : isFromUrl(download) && isFinal(download)) {
      this.unfinished.delete(id);
      void this.vault.remove(id);
      return;
    }
    if (download?.kind !== 'download' || !isFromUrl(download)) {
      return;
    }
    const waits = download.state.kind === 'waiting' && download.state.reason === 'url';
    const waited = this.unfinished.get(download.id) ?? false;
    this.unfinished.set(download.id, waits);
    if (waits && !waited) {
      this.events.onWaiting(download);
    }
  }
}
