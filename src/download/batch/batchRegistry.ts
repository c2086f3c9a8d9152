import { Emitter } from '../../base/emitter.ts';
import type { Event } from '../../base/emitter.ts';
import { AppError } from '../../base/errors.ts';
import type { BatchEntry } from './batch.ts';
import type { BatchSnapshot } from '../batchModel.ts';
import type { BatchEngine } from './batchTools.ts';

/** All batches by id, oldest first, and who is told of their changes. */
export class BatchRegistry {
  private readonly engine: BatchEngine;
  private readonly entries = new Map<string, BatchEntry>();
  private readonly changed = new Emitter<BatchSnapshot>();
  private readonly removed = new Emitter<string>();

  readonly onDidChange: Event<BatchSnapshot> = this.changed.event;
  readonly onDidRemove: Event<string> = this.removed.event;

  constructor(engine: BatchEngine) {
    this.engine = engine;
  }

  all(): readonly BatchEntry[] {
    return [...this.entries.values()];
  }

  find(id: string): BatchEntry | undefined {
    return this.entries.get(id);
  }

  /** @throws AppError `download/notFound` */
  require(id: string): BatchEntry {
    const entry = this.entries.get(id);
    if (entry === undefined) {
      throw new AppError('download/notFound', `no such batch: ${id}`);
    }
    return entry;
  }

  /** Says nothing yet: see `tell`. */
  add(entry: BatchEntry): void {
    this.entries.set(entry.id, entry);
  }

  forget(entry: BatchEntry): void {
    if (this.entries.delete(entry.id)) {
      this.removed.fire(entry.id);
    }
  }

  tell(entry: BatchEntry): void {
    if (this.entries.has(entry.id)) {
      this.changed.fire(entry.snapshot(this.engine));
    }
  }
}
