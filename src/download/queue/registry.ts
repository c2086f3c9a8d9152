import { Emitter } from '../../base/emitter.ts';
import type { Event } from '../../base/emitter.ts';
import { AppError } from '../../base/errors.ts';
import type { DownloadEntry } from './download.ts';
import { isFinal } from '../downloadState.ts';
import type { DownloadSnapshot } from '../model.ts';

/** All downloads by id, oldest first, and who is told of their changes. */
export class DownloadRegistry {
  private readonly entries = new Map<string, DownloadEntry>();
  /** The same by the path that they write. */
  private readonly byPath = new Map<string, Set<DownloadEntry>>();
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

  /** The one that is to write, or is writing, this file. */
  unfinishedAt(path: string): DownloadEntry | undefined {
    return [...(this.byPath.get(path) ?? [])].find(({ state }) => !isFinal(state));
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
    const { id, path } = entry.header;
    this.entries.set(id, entry);
    this.byPath.set(path, (this.byPath.get(path) ?? new Set()).add(entry));
  }

  /** Takes one back that could not be begun. */
  takeBack(entry: DownloadEntry): void {
    this.drop(entry);
  }

  forget(entry: DownloadEntry): void {
    if (this.drop(entry)) {
      this.removed.fire(entry.header.id);
    }
  }

  readonly tell = (entry: DownloadEntry): void => {
    if (this.entries.has(entry.header.id)) {
      this.changed.fire(entry.snapshot());
    }
  };

  private drop(entry: DownloadEntry): boolean {
    const { id, path } = entry.header;
    const there = this.byPath.get(path);
    there?.delete(entry);
    if (there?.size === 0) {
      this.byPath.delete(path);
    }
    return this.entries.delete(id);
  }
}
