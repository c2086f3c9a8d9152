import { Emitter, type Event } from '../base/emitter.ts';
import { AppError } from '../base/errors.ts';
import type { DownloadEntry } from './downloadEntry.ts';
import type { DownloadSnapshot } from './model.ts';

/** All downloads by id, oldest first, and who is told of their changes. */
export class DownloadRegistry {
  private readonly entries = new Map<string, DownloadEntry>();
  private readonly changed = new Emitter<DownloadSnapshot>();
  private readonly removed = new Emitter<string>();

  readonly onDidChange: Event<DownloadSnapshot> = this.changed.event;
  readonly onDidRemove: Event<string> = this.removed.event;

  all(): readonly DownloadEntry[] {
    return [...this.entries.values()];
  }

  find(id: string): DownloadEntry | undefined {
    return this.entries.get(id);
  }

  /** @throws AppError `download/notFound` */
  require(id: string): DownloadEntry {
    const entry = this.entries.get(id);
    if (entry === undefined) {
      throw new AppError('download/notFound', `no such download: ${id}`);
    }
    return entry;
  }

  /** Says nothing yet: see `tell`. */
  add(entry: DownloadEntry): void {
    this.entries.set(entry.header.id, entry);
  }

  /** Takes one back that could not be begun. */
  takeBack(entry: DownloadEntry): void {
    this.entries.delete(entry.header.id);
  }

  forget(entry: DownloadEntry): void {
    if (this.entries.delete(entry.header.id)) {
      this.removed.fire(entry.header.id);
    }
  }

  readonly tell = (entry: DownloadEntry): void => {
    if (this.entries.has(entry.header.id)) {
      this.changed.fire(entry.snapshot());
    }
  };
}
