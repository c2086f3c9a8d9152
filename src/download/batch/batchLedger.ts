import { defined } from '../../base/defined.ts';
import type { KnownObject } from '../model.ts';
import type { ObjectRef } from '../../oss/model.ts';
import type { BatchHeader, BatchLine, PassLine, StateLine, TakeLine } from './batchRecord.ts';
import type { BatchSource, ConflictPolicy } from '../batchModel.ts';

/** Position in the listing: all sources before `source`, and its objects up to `key`, are processed. */
export interface BatchCursor {
  readonly source: number;
  readonly key?: string;
}

/** A report names at most this many skipped objects; further ones are only counted. */
const maxSkips = 1000;

/**
 * Progress of a batch, built from the lines of its record. Its size does not depend on that of the batch: it holds the
 * submitted unfinished objects and some of the skipped ones.
 */
export class BatchLedger {
  readonly header: BatchHeader;
  cursor: BatchCursor = { source: 0 };
  found = 0;
  foundBytes = 0;
  done = 0;
  doneBytes = 0;
  skipped = 0;
  archived = 0;
  policy: ConflictPolicy;
  lastState: StateLine = { t: 'state', state: 'running' };
  /** The first skipped or archived objects. */
  readonly skips: PassLine[] = [];
  /** Submitted and unfinished objects, by number. */
  private readonly open = new Map<number, TakeLine>();
  private readonly numbers = new Map<string, number>();
  private lastNumber = 0;

  constructor(header: BatchHeader) {
    this.header = header;
    this.policy = header.conflict;
  }

  get pending(): readonly TakeLine[] {
    return [...this.open.values()];
  }

  get isListed(): boolean {
    return this.cursor.source >= this.header.sources.length;
  }

  pendingAt(path: string): TakeLine | undefined {
    return this.open.get(this.numbers.get(path) ?? 0);
  }

  nextNumber(): number {
    return this.lastNumber + 1;
  }

  apply(line: BatchLine): void {
    switch (line.t) {
      case 'take':
        this.take(line);
        return;
      case 'done':
        this.settle(line.n);
        this.done += 1;
        this.doneBytes += line.size;
        return;
      case 'drop':
        this.drop(line.n, line.kept === true);
        return;
      case 'pass':
        if (line.why === 'skipped') {
          this.skip(line);
        }
        if (line.why === 'archived') {
          this.archived += 1;
          this.remember(line);
        }
        this.pass(line.source, line.key);
        return;
      case 'end':
        this.cursor = { source: line.source + 1 };
        return;
      case 'policy':
        this.policy = line.policy;
        return;
      case 'state':
        this.lastState = line;
        return;
      case 'sum':
        this.restore(line);
        return;
    }
  }

  /** Lines that are equivalent to all applied ones. */
  condensed(): readonly BatchLine[] {
    const pending = this.pending;
    const pendingBytes = pending.reduce((sum, { size }) => sum + (size ?? 0), 0);
    return [
      ...pending,
      ...this.skips,
      {
        t: 'sum',
        cursor: this.cursor,
        found: this.found - pending.length,
        foundBytes: this.foundBytes - pendingBytes,
        done: this.done,
        doneBytes: this.doneBytes,
        skipped: this.skipped,
        ...(this.archived === 0 ? {} : { archived: this.archived }),
        policy: this.policy,
      },
      this.lastState,
    ];
  }

  refOf({ source, key }: Pick<TakeLine, 'source' | 'key'>): ObjectRef {
    const from = this.source(source);
    return from.kind === 'object' ? from.ref : { ...from.bucket, key };
  }

  /** A known number is a retry, perhaps with another path; it does not move the cursor. */
  private take(line: TakeLine): void {
    if (this.settle(line.n) === undefined) {
      this.found += 1;
      this.foundBytes += line.size ?? 0;
      this.lastNumber = Math.max(this.lastNumber, line.n);
      this.pass(line.source, line.key);
    }
    this.open.set(line.n, line);
    if (line.refused === undefined) {
      this.numbers.set(line.path, line.n);
    }
  }

  private pass(source: number, key: string): void {
    this.cursor = this.source(source).kind === 'object' ? { source: source + 1 } : { source, key };
  }

  private source(index: number): BatchSource {
    const source = this.header.sources[index];
    if (source === undefined) {
      throw new RangeError(`a batch has no source of this number: ${index}`);
    }
    return source;
  }

  private settle(number: number): TakeLine | undefined {
    const item = this.open.get(number);
    this.open.delete(number);
    this.numbers.delete(item?.path ?? '');
    return item;
  }

  /** Counts a cancelled object as skipped. */
  private drop(number: number, isKept: boolean): void {
    const item = this.settle(number);
    this.found -= 1;
    this.foundBytes -= item?.size ?? 0;
    if (item === undefined) {
      this.skipped += 1;
    } else {
      const { source, key, path, size } = item;
      this.skip({
        t: 'pass',
        source,
        key,
        why: 'skipped',
        path,
        ...defined({ size }),
        ...(isKept ? {} : { cancelled: true }),
      });
    }
  }

  private skip(line: PassLine): void {
    this.skipped += 1;
    this.remember(line);
  }

  private remember(line: PassLine): void {
    if (this.skips.length < maxSkips) {
      this.skips.push(line);
    }
  }

  /** Applies a `sum` line. It counts the skipped objects of the lines before it, but not the pending ones. */
  private restore({
    cursor,
    found,
    foundBytes,
    done,
    doneBytes,
    skipped,
    archived = 0,
    policy,
  }: Extract<BatchLine, { t: 'sum' }>): void {
    this.cursor = cursor;
    this.found += found;
    this.foundBytes += foundBytes;
    this.done = done;
    this.doneBytes = doneBytes;
    this.skipped = skipped;
    this.archived = archived;
    this.policy = policy;
  }
}

/** Size and ETag of an object from the listing; undefined if either is missing. */
export function knownOf({ size, etag }: TakeLine): KnownObject | undefined {
  return size === undefined || etag === undefined ? undefined : { sizeBytes: size, etag };
}
