import { join } from 'node:path';
import { isAbort } from '../../base/abort.ts';
import { AppError, toErrorRecord } from '../../base/errors.ts';
import type { ErrorRecord } from '../../base/errors.ts';
import type { BatchLedger } from './batchLedger.ts';
import type { BatchItems } from './batchItems.ts';
import { BatchSubmitter } from './batchSubmitter.ts';
import type { OpenBatch } from './batchSubmitter.ts';
import { failureOf } from './batchRecord.ts';
import { candidateAgain, candidates } from './batchListing.ts';
import type { Candidate, Lookahead } from './batchListing.ts';
import type { ConflictPolicy } from '../batchModel.ts';
import type { BatchJournal } from './batchStore.ts';
import type { BatchDeps } from './batchDeps.ts';
import { localName } from '../files/localPath.ts';
import { discardOwnParts } from '../files/partPath.ts';
import { isUnchanged } from '../files/isUnchanged.ts';
import { LocalTree } from '../files/localTree.ts';
import type { LocalPath } from '../files/localTree.ts';
import { probeNameRules, realDisk } from '../files/nameRules.ts';

/** So many downloads of a batch wait in the engine at a time: enough to keep it busy, and no more. */
const leastWindow = 32;
/** So many more are taken at once whenever there is room in the window: together they cost hardly more than one. */
const refill = 16;
/** A batch of which so many objects failed has another problem than its objects. */
const maxFailures = 1000;

/** How a session of a batch ended. */
export type BatchOutcome =
  | { readonly kind: 'finished' }
  /** Stopped by its signal, or what is left was paused one by one. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly error: ErrorRecord };

/**
 * One session of a batch: hands over what is found, page by page, as far as there is room, until everything is settled.
 */
export class BatchRun {
  readonly submitter: BatchSubmitter;
  private readonly ledger: BatchLedger;
  private readonly journal: BatchJournal;
  private readonly items: BatchItems;
  private readonly deps: BatchDeps;
  private readonly signal: AbortSignal;
  private tree: LocalTree | undefined;
  private ahead: Lookahead = { objects: 0, bytes: 0, isLast: false };

  constructor(batch: OpenBatch, deps: BatchDeps, signal: AbortSignal) {
    this.ledger = batch.ledger;
    this.journal = batch.journal;
    this.items = batch.items;
    this.deps = deps;
    this.signal = signal;
    this.submitter = new BatchSubmitter(batch, deps, (path) => this.tree?.release(path), signal);
  }

  /** Objects that are listed and not taken yet. */
  get lookahead(): Lookahead {
    return this.ahead;
  }

  /** Never throws: every failure is an outcome. */
  async run(): Promise<BatchOutcome> {
    try {
      const rules = await probeNameRules(this.ledger.header.folder);
      const tree = new LocalTree(this.ledger.header.folder, rules, realDisk(rules), this.ledger.header.invalidNames);
      this.ledger.pending.filter(({ refused }) => refused === undefined).forEach(({ path }) => tree.claim(path));
      this.tree = tree;
      await this.goOnWithPending(tree);
      await this.takeRest(tree);
      await this.submitter.until(() => this.submitter.active === 0);
      return this.items.paused > 0 ? { kind: 'stopped' } : { kind: 'finished' };
    } catch (error) {
      if (isAbort(error, this.signal)) {
        return { kind: 'stopped' };
      }
      const failure = toErrorRecord(error);
      this.deps.logger.log('error', `batch stopped, ${failure.code}, ${failure.message}: ${this.ledger.header.label}`);
      return (await this.isStopped()) ? { kind: 'stopped' } : { kind: 'failed', error: failure };
    }
  }

  /** What is under way may end in order. @returns whether it was stopped before */
  private async isStopped(): Promise<boolean> {
    try {
      await this.submitter.until(() => this.submitter.active === 0);
      return false;
    } catch {
      return true;
    }
  }

  /** What an earlier session, or the failures of this one, left. */
  private async goOnWithPending(tree: LocalTree): Promise<void> {
    await discardOwnParts(this.ledger.pending.map(({ path }) => path));
    for (const item of this.ledger.pending) {
      await this.submitter.until(() => this.submitter.active < this.window);
      const source = this.ledger.header.sources[item.source];
      if (item.refused !== undefined && source !== undefined) {
        await this.takeFile(item.source, candidateAgain(source, item), item.n, tree);
      } else {
        await this.submitter.resume(item);
      }
    }
  }

  private async takeRest(tree: LocalTree): Promise<void> {
    while (!this.ledger.isListed) {
      const { cursor, header } = this.ledger;
      const source = header.sources[cursor.source];
      if (source === undefined) {
        return;
      }
      for await (const candidate of candidates(source, cursor, this.deps, this.signal)) {
        await this.room();
        this.ahead = {
          ...candidate.ahead,
          isLast: candidate.ahead.isLast && cursor.source === header.sources.length - 1,
        };
        await this.take(cursor.source, candidate, tree);
        if (candidate.ahead.objects === 0) {
          await this.submitter.submit(); // the next page may be long in coming
        }
      }
      if (this.ledger.cursor.source === cursor.source) {
        await this.journal.append({ t: 'end', source: cursor.source });
      }
    }
    await this.journal.sync();
  }

  private get window(): number {
    const { concurrentDownloads, maxConnections } = this.deps.limits();
    return Math.max(leastWindow, 4 * concurrentDownloads, 4 * maxConnections);
  }

  private async room(): Promise<void> {
    if (this.submitter.active >= this.window + refill) {
      await this.submitter.until(() => this.submitter.active <= this.window);
    }
    if (this.submitter.failed >= maxFailures) {
      throw this.submitter.lastFailure ?? new AppError('internal', 'too many downloads of the batch failed');
    }
  }

  private async take(source: number, candidate: Candidate, tree: LocalTree): Promise<void> {
    const { key, names, isFolder, isArchived } = candidate;
    if (!isFolder && isArchived && this.ledger.header.leaveOutArchived === true) {
      await this.journal.append({ t: 'pass', source, key, why: 'archived' });
      return;
    }
    if (!isFolder) {
      await this.takeFile(source, candidate, this.ledger.nextNumber(), tree);
      return;
    }
    let failure: AppError | undefined;
    try {
      await tree.folder(names);
    } catch (error) {
      failure = requireHarmless(error);
      this.deps.logger.log('warn', `an empty folder was not made, ${failure.code}, ${failure.message}: ${key}`);
    }
    await this.journal.append({
      t: 'pass',
      source,
      key,
      ...(failure === undefined ? { why: 'folder' } : { why: 'skipped', failed: failureOf(failure) }),
    });
  }

  private async takeFile(source: number, candidate: Candidate, n: number, tree: LocalTree): Promise<void> {
    const { key, names, known } = candidate;
    const item = {
      t: 'take',
      n,
      source,
      key,
      ...(known === undefined ? {} : { size: known.sizeBytes, etag: known.etag }),
    } as const;
    let place: LocalPath;
    let target: { readonly path: string; readonly overwrite: boolean } | undefined;
    try {
      place = await tree.file(names);
      target = await this.target(place, candidate, tree);
    } catch (error) {
      await this.submitter.reject(
        { ...item, path: join(this.ledger.header.folder, ...names.map((name) => localName(name))), overwrite: false },
        requireHarmless(error),
      );
      return;
    }
    if (target === undefined) {
      const { path } = place;
      await this.journal.append(
        n < this.ledger.nextNumber()
          ? { t: 'drop', n, kept: true }
          : { t: 'pass', source, key, why: 'skipped', path, ...(known === undefined ? {} : { size: known.sizeBytes }) },
      );
      return;
    }
    tree.claim(target.path);
    await this.submitter.add({ ...item, ...target });
  }

  /** Undefined where the file that is there is to be kept. */
  private async target(
    { path, existing }: LocalPath,
    { known, modifiedMs }: Candidate,
    tree: LocalTree,
  ): Promise<{ readonly path: string; readonly overwrite: boolean } | undefined> {
    if (existing === undefined) {
      return { path, overwrite: false };
    }
    switch (await this.choice(path)) {
      case 'overwriteIfChanged': {
        const isKept =
          known !== undefined &&
          modifiedMs !== undefined &&
          isUnchanged(existing, { sizeBytes: known.sizeBytes, modifiedMs });
        return isKept ? undefined : { path, overwrite: true };
      }
      case 'overwrite':
        return { path, overwrite: true };
      case 'rename':
        return { path: await tree.numbered(path), overwrite: false };
      case 'skip':
        return undefined;
    }
  }

  private async choice(path: string): Promise<Exclude<ConflictPolicy, 'ask'>> {
    const { policy } = this.ledger;
    if (policy !== 'ask') {
      return policy;
    }
    await this.submitter.submit(); // the user may take long
    const { choice, forAll } = await this.deps.host.askConflict(path, this.signal);
    if (forAll) {
      await this.journal.append({ t: 'policy', policy: choice });
    }
    return choice;
  }
}

/** What concerns one object only. @throws `error` when it would meet every other one, too */
function requireHarmless(error: unknown): AppError {
  if (!(error instanceof AppError) || error.code === 'disk/full') {
    throw error;
  }
  return error;
}
