import { defined } from '../../base/defined.ts';
import type { KnownObject } from '../model.ts';
import type { ObjectRef } from '../../oss/model.ts';
import type { BatchHeader, BatchLine, PassLine, StateLine, TakeLine } from './batchRecord.ts';
import type { BatchSource, ConflictPolicy } from '../batchModel.ts';

/** Where the listing stands: all of the sources before this one, and of this one all up to the key, are dealt with. */
export interface BatchCursor {
  readonly source: number;
  readonly key?: string;
}

/** So many objects that were skipped are remembered by name, for a report; the others are counted. */
const maxSkips = 1000;

/**
 * How far a batch is: what its record says, line by line. It holds only what is handed over and not finished, and
 * some of what was skipped, however many objects the batch has.
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
  /** The first that were skipped or left out. */
  readonly skips: PassLine[] = [];
  /** Handed over to the engine, and not finished: by number. */
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

  /** The lines that say the same as all that were applied. */
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

  /** A number that is known is taken again, with another path: the listing has passed it long ago. */
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

  /** It is given up: as if it had been skipped. */
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

  /** Stands behind the pending ones, whose numbers it does not hold, and behind those skipped, which it does. */
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

/** What the listing said of an object, as the engine wants it. */
export function knownOf({ size, etag }: TakeLine): KnownObject | undefined {
  return size === undefined || etag === undefined ? undefined : { sizeBytes: size, etag };
}
