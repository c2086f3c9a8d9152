import { Emitter } from '../../base/emitter.ts';
import type { Event } from '../../base/emitter.ts';
import { AppError } from '../../base/errors.ts';
import { isFinal } from '../downloadState.ts';
import type { DownloadSnapshot } from '../model.ts';
import type { Download } from './download.ts';
import type { Task } from './task.ts';

/** All tasks of one kind, in the order in which they were added, and the events of their changes. */
export class Registry<T extends Task<Snapshot>, Snapshot> {
  private readonly kind: 'download' | 'batch';
  private readonly tasks = new Map<string, T>();
  private readonly changed = new Emitter<Snapshot>();
  private readonly removed = new Emitter<string>();

  readonly onDidChange: Event<Snapshot> = this.changed.event;
  readonly onDidRemove: Event<string> = this.removed.event;

  constructor(kind: 'download' | 'batch') {
    this.kind = kind;
  }

  all(): readonly T[] {
    return [...this.tasks.values()];
  }

  find(id: string): T | undefined {
    return this.tasks.get(id);
  }

  /** @throws AppError `download/notFound` */
  require(id: string): T {
    const task = this.tasks.get(id);
    if (task === undefined) {
      throw new AppError('download/notFound', `no such ${this.kind}: ${id}`);
    }
    return task;
  }

  /**
   * Runs a call after the earlier ones on the same task.
   *
   * @throws AppError `download/notFound`, also if an earlier call removed it
   */
  async inTurn(id: string, call: (task: T) => Promise<void>): Promise<void> {
    await this.require(id).inTurn(() => call(this.require(id)));
  }

  /** Adds a task without an event: see `notify`. */
  add(task: T): void {
    this.tasks.set(task.id, task);
  }

  remove(task: T): void {
    if (this.drop(task)) {
      this.removed.fire(task.id);
    }
  }

  /** Removes a task without an event. @returns whether it was in the list */
  drop(task: T): boolean {
    return this.tasks.delete(task.id);
  }

  /** Fires `onDidChange` if the task is in the list. */
  readonly notify = (task: Task<Snapshot>): void => {
    if (this.tasks.has(task.id)) {
      this.changed.fire(task.snapshot());
    }
  };
}

/** Registry with a lookup by destination path. */
export class DownloadRegistry extends Registry<Download, DownloadSnapshot> {
  private readonly byPath = new Map<string, Set<Download>>();

  constructor() {
    super('download');
  }

  /** Finds the unfinished download of this file. */
  unfinishedAt(path: string): Download | undefined {
    return [...(this.byPath.get(path) ?? [])].find(({ state }) => !isFinal(state));
  }

  override add(download: Download): void {
    const { path } = download.header;
    this.byPath.set(path, (this.byPath.get(path) ?? new Set()).add(download));
    super.add(download);
  }

  override drop(download: Download): boolean {
    const { path } = download.header;
    const downloads = this.byPath.get(path);
    downloads?.delete(download);
    if (downloads?.size === 0) {
      this.byPath.delete(path);
    }
    return super.drop(download);
  }
}
