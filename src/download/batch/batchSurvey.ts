import { dirname, join } from 'node:path';
import { raceAbort } from '../../base/abort.ts';
import type { Clock } from '../../base/clock.ts';
import type { ListedObject } from '../../oss/model.ts';
import type { ListPosition, ObjectLister, Page } from '../../oss/objectLister.ts';
import { localName } from '../files/localPath.ts';
import { listedBelow, selectedObject } from './batchListing.ts';
import type { SourceItem } from './batchListing.ts';
import type { BatchRequest, BatchSource } from '../batchModel.ts';
import { isRenamed, PlanTally } from './batchPlan.ts';
import type { BatchPlan } from './batchPlan.ts';
import { freeBytesAt } from '../files/freeSpace.ts';
import { realDisk } from '../files/nameRules.ts';
import type { ExistingEntry } from '../files/nameRules.ts';

/** The survey ends after this many objects or milliseconds; the batch itself lists from the first page again. */
const maxObjects = 5000;
const maxMs = 3000;
const concurrentStats = 32;

export interface SurveyDeps {
  readonly lister: Pick<ObjectLister, 'listObjects'>;
  readonly clock: Clock;
}

/**
 * Surveys a batch before its start: lists its first objects and checks the disk, without changing it.
 * @throws AppError of the listing
 * @throws `signal.reason` when aborted
 */
export function surveyBatch(request: BatchRequest, deps: SurveyDeps, signal: AbortSignal): Promise<BatchPlan> {
  return new BatchSurvey(request, deps, signal).run();
}

class BatchSurvey {
  private readonly request: BatchRequest;
  private readonly deps: SurveyDeps;
  private readonly signal: AbortSignal;
  private readonly startedMs: number;
  private readonly tally: PlanTally;
  /** Ignores other spellings of names: the batch itself resolves them. */
  private readonly disk = realDisk({ foldsCase: false, foldsForm: false });
  private readonly folders = new Map<string, Promise<boolean>>();
  private pages = 0;
  private seen = 0;

  constructor(request: BatchRequest, deps: SurveyDeps, signal: AbortSignal) {
    this.request = request;
    this.deps = deps;
    this.signal = signal;
    this.startedMs = deps.clock.steadyMs();
    this.tally = new PlanTally(request.invalidNames);
  }

  async run(): Promise<BatchPlan> {
    const isAll = await this.countSources();
    return this.tally.plan(isAll, await raceAbort(freeBytesAt(this.request.folder), this.signal));
  }

  /** @returns whether all sources were counted completely */
  private async countSources(): Promise<boolean> {
    for (const source of this.request.sources) {
      const isAll =
        source.kind === 'prefix'
          ? await this.countBelow(source)
          : this.hasRoom && (await this.count([selectedObject(source)]));
      if (!isAll) {
        return false;
      }
    }
    return true;
  }

  private async countBelow(source: BatchSource & { kind: 'prefix' }): Promise<boolean> {
    let from: ListPosition | undefined;
    do {
      const page = await this.page(source, from);
      if (page === undefined) {
        return false;
      }
      await this.count(page.items.map((object) => listedBelow(source, object)));
      from = page.next === undefined ? undefined : { kind: 'token', token: page.next };
    } while (from !== undefined);
    return true;
  }

  private get leftMs(): number {
    return this.startedMs + maxMs - this.deps.clock.steadyMs();
  }

  private get hasRoom(): boolean {
    return this.seen < maxObjects && this.leftMs > 0;
  }

  /**
   * Fetches a page; undefined if there is no time for it. The first page has no time limit: the plan needs it.
   */
  private async page(
    { bucket, prefix }: BatchSource & { kind: 'prefix' },
    from: ListPosition | undefined,
  ): Promise<Page<ListedObject> | undefined> {
    const { lister, clock } = this.deps;
    this.pages += 1;
    if (this.pages === 1) {
      return lister.listObjects(bucket, prefix, from, this.signal);
    }
    if (!this.hasRoom) {
      return undefined;
    }
    const limit = new AbortController();
    const listed = new AbortController();
    clock.delay(this.leftMs, listed.signal).then(
      () => limit.abort(),
      () => undefined,
    );
    try {
      return await lister.listObjects(bucket, prefix, from, AbortSignal.any([this.signal, limit.signal]));
    } catch (error) {
      if (limit.signal.aborted && !this.signal.aborted) {
        return undefined;
      }
      throw error;
    } finally {
      listed.abort();
    }
  }

  private async count(items: readonly SourceItem[]): Promise<true> {
    this.seen += items.length;
    const rest = items.values();
    const countRest = async (): Promise<void> => {
      for (const item of rest) {
        this.signal.throwIfAborted();
        this.tally.add(item, await this.existingAt(item));
      }
    };
    // Requests to a hanging disk cannot be aborted; only the wait can.
    await raceAbort(Promise.all(Array.from({ length: concurrentStats }, countRest)), this.signal);
    return true;
  }

  /** Existing entry at the path of an item. Errors are ignored: the batch itself reports them. */
  private async existingAt({ isFolder, names }: SourceItem): Promise<ExistingEntry | undefined> {
    const { folder, invalidNames } = this.request;
    if (isFolder || (invalidNames === 'fail' && names.some((name) => isRenamed(name, invalidNames)))) {
      return undefined;
    }
    const path = join(folder, ...names.map((name) => localName(name, invalidNames)));
    return (await this.hasFolder(dirname(path))) ? this.statAt(path) : undefined;
  }

  /** Checks each folder once, from the outermost inward: a missing folder has no children. */
  private hasFolder(path: string): Promise<boolean> {
    let known = this.folders.get(path);
    if (known === undefined) {
      known = this.findFolder(path);
      this.folders.set(path, known);
    }
    return known;
  }

  private async findFolder(path: string): Promise<boolean> {
    const above = dirname(path);
    const isBelow = path !== this.request.folder && above !== path;
    return (!isBelow || (await this.hasFolder(above))) && (await this.statAt(path))?.kind === 'folder';
  }

  private statAt(path: string): Promise<ExistingEntry | undefined> {
    return this.disk.stat(path).catch(() => undefined);
  }
}
