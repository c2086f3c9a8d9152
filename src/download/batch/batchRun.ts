import { join } from 'node:path';
import { isAbort } from '../../base/abort.ts';
import { AppError, toErrorRecord } from '../../base/errors.ts';
import type { ErrorRecord } from '../../base/errors.ts';
import type { BatchLedger } from './batchLedger.ts';
import type { BatchItems } from './batchItems.ts';
import { BatchSubmitter } from './batchSubmitter.ts';
import type { OpenBatch } from './batchSubmitter.ts';
import { failureOf } from './batchRecord.ts';
import { itemOf, listItems } from './batchListing.ts';
import type { ListedItem, Lookahead } from './batchListing.ts';
import type { ConflictPolicy } from '../batchModel.ts';
import type { BatchJournal } from './batchStore.ts';
import type { BatchDeps } from './batchDeps.ts';
import { localName } from '../files/localPath.ts';
import { discardOwnParts } from '../files/partPath.ts';
import { resolveExisting } from '../files/existingFile.ts';
import { LocalTree } from '../files/localTree.ts';
import type { LocalPath } from '../files/localTree.ts';
import { probeNameRules, realDisk } from '../files/nameRules.ts';

/** Minimum number of downloads of a batch in the engine at a time: enough to keep it busy. */
const minWindow = 32;
/** Further downloads submitted together, when the window has room: 16 cost hardly more than one. */
const refill = 16;
/** The batch stops after this many failures: the cause is systemic. */
const maxFailures = 1000;

/** Outcome of a session of a batch. */
export type BatchOutcome =
  | { readonly kind: 'finished' }
  /** Stopped by its signal, or all remaining downloads are paused. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly error: ErrorRecord };

/**
 * Session of a batch: submits the listed objects page by page, as there is room, until all are done or failed.
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

  /** Objects that are listed and not submitted yet. */
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
      await this.resumePending(tree);
      await this.takeListed(tree);
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

  /** Lets active downloads finish. @returns whether it was stopped before that */
  private async isStopped(): Promise<boolean> {
    try {
      await this.submitter.until(() => this.submitter.active === 0);
      return false;
    } catch {
      return true;
    }
  }

  /** Continues the unfinished and failed objects of earlier sessions. */
  private async resumePending(tree: LocalTree): Promise<void> {
    await discardOwnParts(this.ledger.pending.map(({ path }) => path));
    for (const item of this.ledger.pending) {
      await this.submitter.until(() => this.submitter.active < this.window);
      const source = this.ledger.header.sources[item.source];
      if (item.refused !== undefined && source !== undefined) {
        await this.takeFile(item.source, itemOf(source, item), item.n, tree);
      } else {
        await this.submitter.resume(item);
      }
    }
  }

  private async takeListed(tree: LocalTree): Promise<void> {
    while (!this.ledger.isListed) {
      const { cursor, header } = this.ledger;
      const source = header.sources[cursor.source];
      if (source === undefined) {
        return;
      }
      for await (const item of listItems(source, cursor, this.deps, this.signal)) {
        await this.room();
        this.ahead = { ...item.ahead, isLast: item.ahead.isLast && cursor.source === header.sources.length - 1 };
        await this.take(cursor.source, item, tree);
        if (item.ahead.objects === 0) {
          await this.submitter.submit(); // the next page may take long
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
    return Math.max(minWindow, 4 * concurrentDownloads, 4 * maxConnections);
  }

  private async room(): Promise<void> {
    if (this.submitter.active >= this.window + refill) {
      await this.submitter.until(() => this.submitter.active <= this.window);
    }
    if (this.submitter.failed >= maxFailures) {
      throw this.submitter.lastFailure ?? new AppError('internal', 'too many downloads of the batch failed');
    }
  }

  private async take(source: number, item: ListedItem, tree: LocalTree): Promise<void> {
    const { key, names, isFolder, isArchived } = item;
    if (!isFolder && isArchived && this.ledger.header.leaveOutArchived === true) {
      await this.journal.append({ t: 'pass', source, key, why: 'archived' });
      return;
    }
    if (!isFolder) {
      await this.takeFile(source, item, this.ledger.nextNumber(), tree);
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

  private async takeFile(source: number, item: ListedItem, n: number, tree: LocalTree): Promise<void> {
    const { key, names, known } = item;
    const line = {
      t: 'take',
      n,
      source,
      key,
      ...(known === undefined ? {} : { size: known.sizeBytes, etag: known.etag }),
    } as const;
    let local: LocalPath;
    let destination: { readonly path: string; readonly overwrite: boolean } | undefined;
    try {
      local = await tree.file(names);
      destination = await this.destination(local, item, tree);
    } catch (error) {
      await this.submitter.reject(
        { ...line, path: join(this.ledger.header.folder, ...names.map((name) => localName(name))), overwrite: false },
        requireHarmless(error),
      );
      return;
    }
    if (destination === undefined) {
      const { path } = local;
      await this.journal.append(
        n < this.ledger.nextNumber()
          ? { t: 'drop', n, kept: true }
          : { t: 'pass', source, key, why: 'skipped', path, ...(known === undefined ? {} : { size: known.sizeBytes }) },
      );
      return;
    }
    tree.claim(destination.path);
    await this.submitter.add({ ...line, ...destination });
  }

  /** @returns undefined if the existing file is kept */
  private async destination(
    { path, existing }: LocalPath,
    object: ListedItem,
    tree: LocalTree,
  ): Promise<{ readonly path: string; readonly overwrite: boolean } | undefined> {
    if (existing === undefined) {
      return { path, overwrite: false };
    }
    switch (resolveExisting(await this.policyFor(path), existing, object)) {
      case 'overwrite':
        return { path, overwrite: true };
      case 'rename':
        return { path: await tree.numbered(path), overwrite: false };
      case 'skip':
        return undefined;
    }
  }

  private async policyFor(path: string): Promise<Exclude<ConflictPolicy, 'ask'>> {
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

/** Error that concerns one object only. @throws `error` if it affects every other object, too */
function requireHarmless(error: unknown): AppError {
  if (!(error instanceof AppError) || error.code === 'disk/full') {
    throw error;
  }
  return error;
}
