import type { Disposable } from '../../base/disposable.ts';
import type { Row } from './row.ts';
import type { Downloads, DownloadsChange } from './downloadList.ts';
import type { ResumeOnStartup } from '../settings/settingValues.ts';
import { interruptedOf } from './summary.ts';

/** Long enough for all downloads of a window that has just closed to be known as interrupted. */
const gatherMs = 500;

/** What the offer needs of the editor. */
export interface ResumeParts {
  mode(): ResumeOnStartup;
  /** Asks once for all of them. */
  ask(interrupted: readonly Row[]): Promise<boolean>;
  resume(ids: readonly string[]): Promise<void>;
  onFailure(error: unknown): void;
}

/**
 * Offers to go on with downloads that were interrupted: by an earlier session, or by another window that closed or
 * died, which is seen only a while after this one has started (on a reload the old host lives on for seconds). What the
 * user paused stays paused.
 */
export class ResumeOffer implements Disposable {
  private readonly downloads: Downloads;
  private readonly parts: ResumeParts;
  private readonly subscription: Disposable;
  /** Interrupted ones that were offered, until they are something else. */
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
      // Another window, or the user in the Downloads view, may have been quicker.
      const still = new Set(interruptedOf(this.downloads.all).map(({ id }) => id));
      await this.parts.resume(fresh.flatMap(({ id }) => (still.has(id) ? [id] : [])));
    }
  }
}
