import type { Disposable } from '../../base/disposable.ts';
import type { Row } from './row.ts';
import type { Downloads, DownloadsChange } from './downloadList.ts';
import type { ResumeOnStartup } from '../settings/settingValues.ts';
import { interruptedOf } from './summary.ts';

/** Delay before the offer, in which all downloads of a window that closed are recognized as interrupted. */
const gatherMs = 500;

/** Port to the editor. */
export interface ResumeParts {
  mode(): ResumeOnStartup;
  /** Asks once for all rows. */
  ask(interrupted: readonly Row[]): Promise<boolean>;
  resume(ids: readonly string[]): Promise<void>;
  onFailure(error: unknown): void;
}

/**
 * Offers to resume downloads interrupted by the end of an earlier session or of another window. The latter is detected
 * with a delay: on a reload the old extension host lives on for seconds. Downloads that the user paused stay paused.
 */
export class ResumeOffer implements Disposable {
  private readonly downloads: Downloads;
  private readonly parts: ResumeParts;
  private readonly subscription: Disposable;
  /** Offered downloads, as long as they are interrupted. */
  private readonly offered = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(downloads: Downloads, parts: ResumeParts) {
    this.downloads = downloads;
    this.parts = parts;
    this.subscription = downloads.onDidChange((id) => this.look(id));
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscription.dispose();
  }

  private look(id: DownloadsChange): void {
    const changed =
      id === undefined ? this.downloads.all : [this.downloads.find(id)].filter((download) => download !== undefined);
    for (const download of changed) {
      if (download.state.kind !== 'interrupted') {
        this.offered.delete(download.id);
      }
    }
    if (
      !this.downloads.hasEnded &&
      changed.some(({ id, state }) => state.kind === 'interrupted' && !this.offered.has(id))
    ) {
      this.timer ??= setTimeout(() => {
        this.timer = undefined;
        this.offer().catch((error: unknown) => this.parts.onFailure(error));
      }, gatherMs);
    }
  }

  private async offer(): Promise<void> {
    const fresh = interruptedOf(this.downloads.all).filter(({ id }) => !this.offered.has(id));
    const mode = this.parts.mode();
    fresh.forEach(({ id }) => this.offered.add(id));
    if (fresh.length === 0 || mode === 'never') {
      return;
    }
    if (mode === 'always' || (await this.parts.ask(fresh))) {
      // Another window, or the user in the Downloads view, may have resumed some already.
      const still = new Set(interruptedOf(this.downloads.all).map(({ id }) => id));
      await this.parts.resume(fresh.flatMap(({ id }) => (still.has(id) ? [id] : [])));
    }
  }
}
