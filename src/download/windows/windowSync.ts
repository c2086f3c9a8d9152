import { Turns } from '../../base/async.ts';
import type { Clock } from '../../base/clock.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { Lease, LeaseFolder } from './lease.ts';
import type { OtherWindows, WindowAction, WindowRequest } from './otherWindows.ts';

/** Requests of other windows are polled every round, records and owners every second round. */
const roundMs = 500;
const roundsPerPoll = 2;
/** Time limit for a window to act on a request that it took: it may have to stop dozens of downloads of a batch. */
const ownerActsWithinMs = 15_000;
/** A task that is being cancelled has no owner just before its record goes; for longer, its window has closed. */
const ownerGoneAfterMs = 3000;
const pollAgainMs = 100;

/** A download or a batch as windows share it. */
export interface SharedTask<Rec, Status> {
  readonly id: string;
  /** Names it in an error. */
  readonly subject: string;
  /** Whether another window runs it. */
  readonly isRemote: boolean;
  /** Whether this window runs it, or has it in the queue. */
  readonly isOwn: boolean;
  /** Whether its record changes no more. */
  readonly isFinal: boolean;
  /** When its record was last written, as it was last read or written here, in milliseconds since the epoch. */
  recordMs: number | undefined;
  /** Shows it as the window that runs it reports it. */
  applyRemoteStatus(status: Status): void;
  /** Shows it as its record says: no window runs it. */
  reclaim(record: Rec): void;
}

/** Tasks of one kind, and where windows share them. */
export interface SharedTasks<T extends SharedTask<Rec, Status>, Rec, Status, Action extends WindowAction> {
  /** The list of this window. */
  readonly list: {
    all(): readonly T[];
    find(id: string): T | undefined;
    add(task: T): void;
    remove(task: T): void;
    notify(task: T): void;
  };
  /** The records of all windows. */
  readonly store: {
    ids(): Promise<ReadonlySet<string>>;
    changedMs(id: string): Promise<number | undefined>;
    load(id: string): Promise<Rec | undefined>;
  };
  /** Path that the lease of a task goes by. */
  leasePath(task: T): string;
  /** Makes a task from a record that another window has written. */
  adopt(record: Rec): T;
  /** Reports to the other windows what this one runs. */
  publish(): Promise<void>;
  /** How the tasks stand that other windows run. @param ids of the records, without those that this window runs */
  remote(ids: readonly string[]): Promise<ReadonlyMap<string, Status>>;
  /** What other windows may ask of a task that this window runs. */
  readonly actions: readonly Action[];
  perform(request: WindowRequest<Action>): Promise<void>;
}

/** What every `WindowSync` needs. */
export interface WindowSyncDeps {
  readonly windows: Pick<OtherWindows, 'ask' | 'takeRequests'>;
  readonly leases: LeaseFolder;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Keeps the downloads, or the batches, of this window in step with other windows, which share their records. */
export class WindowSync<T extends SharedTask<Rec, Status>, Rec, Status, Action extends WindowAction> {
  private readonly shared: SharedTasks<T, Rec, Status, Action>;
  private readonly deps: WindowSyncDeps;
  private readonly signal: AbortSignal;
  /** Ids of the records that were seen, readable or not. */
  private readonly seen = new Set<string>();
  /** Ids of tasks whose lease this window holds, or is about to: what the disk says of them is its own doing. */
  private readonly leased = new Set<string>();
  private readonly rounds = new Turns();
  /** One poll at a time: an older one must not be applied after a newer one. */
  private readonly polls = new Turns();
  private round = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param signal when aborted, nothing is waited for any more */
  constructor(shared: SharedTasks<T, Rec, Status, Action>, deps: WindowSyncDeps, signal: AbortSignal) {
    this.shared = shared;
    this.deps = deps;
    this.signal = signal;
  }

  /** Begins to poll, a first time at once. @throws AppError `disk/*` */
  async start(): Promise<void> {
    await this.poll();
    this.timer = setInterval(() => void this.rounds.run(() => this.runRound()), roundMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all([this.rounds.settled(), this.polls.settled()]);
  }

  /** Takes over what other windows have changed. @throws AppError `disk/*` */
  async poll(): Promise<void> {
    await this.polls.run(() => this.pollOnce());
  }

  /**
   * Has the window that runs a task do something, and waits until it shows here.
   * @returns false where it is still to be done, and no window runs the task any more
   * @throws AppError `download/ownedElsewhere` when that window does not answer
   */
  async askOwner({ id, subject }: T, action: Action): Promise<boolean> {
    const { clock, windows } = this.deps;
    const isTaken = await windows.ask(id, action, this.signal);
    const endMs = clock.steadyMs() + (isTaken ? ownerActsWithinMs : 0);
    let goneMs = clock.steadyMs() + ownerGoneAfterMs;
    if (isTaken && action === 'prioritize') {
      return true; // it stays with that window
    }
    for (;;) {
      await this.poll();
      const task = this.shared.list.find(id);
      if (task === undefined || (action === 'pause' && !task.isRemote)) {
        return true;
      }
      const nowMs = clock.steadyMs();
      if (task.isRemote) {
        goneMs = nowMs + ownerGoneAfterMs;
      } else if (!isTaken || nowMs >= goneMs) {
        return false;
      }
      if (nowMs >= endMs) {
        throw new AppError('download/ownedElsewhere', `the window that runs this does not answer: ${subject}`, {
          details: { subject },
        });
      }
      await clock.delay(pollAgainMs, this.signal);
    }
  }

  /**
   * Changes the files of a task while nothing else writes them.
   *
   * @throws AppError `download/ownedElsewhere`, and what `change` throws
   */
  async underLease(task: T, change: () => Promise<void>): Promise<void> {
    const lease = await this.acquire(task);
    try {
      await change();
    } finally {
      await this.release(task, lease);
    }
  }

  /** Takes the lease of a task, for longer than one change. @throws AppError `download/ownedElsewhere`, `disk/*` */
  async acquire(task: T): Promise<Lease> {
    this.leased.add(task.id);
    try {
      return await this.deps.leases.acquire(this.shared.leasePath(task), this.signal);
    } catch (error) {
      this.leased.delete(task.id);
      throw error;
    }
  }

  async release(task: T, lease: Lease): Promise<void> {
    try {
      task.recordMs = await this.shared.store.changedMs(task.id);
    } finally {
      // Not before: for as long as the lease is there, it would be taken for another window's.
      await lease.release().finally(() => this.leased.delete(task.id));
    }
  }

  private async runRound(): Promise<void> {
    try {
      this.round += 1;
      if (this.round % roundsPerPoll === 0) {
        await this.shared.publish();
        await this.poll();
      }
      const own = this.ownIds();
      const requests = own.size === 0 ? [] : await this.deps.windows.takeRequests(own, this.shared.actions);
      // Not awaited: to cancel a batch takes longer than a window may stay silent.
      requests.forEach((request) => void this.perform(request));
    } catch (error) {
      this.deps.logger.log('debug', `other windows cannot be seen just now: ${toAppError(error).message}`);
    }
  }

  private async perform(request: WindowRequest<Action>): Promise<void> {
    try {
      await this.shared.perform(request);
    } catch (error) {
      this.deps.logger.log('warn', `a request of another window failed: ${toAppError(error).message}`);
    }
  }

  private async pollOnce(): Promise<void> {
    const { store, list } = this.shared;
    const ids = await store.ids();
    // Before the owners are looked up: a window takes a task before it writes the record.
    const changedMs = await this.changeTimes(ids);
    const own = this.ownIds();
    const remote = await this.shared.remote([...ids].filter((id) => !own.has(id)));
    for (const id of ids) {
      if (!this.seen.has(id) && list.find(id) === undefined) {
        await this.adopt(id, remote.get(id));
      }
      this.seen.add(id);
    }
    for (const task of list.all()) {
      if (this.isOwn(task)) {
        continue;
      }
      if (this.seen.has(task.id) && !ids.has(task.id)) {
        list.remove(task);
      } else {
        await this.update(task, remote.get(task.id), changedMs.get(task.id));
      }
    }
    this.forgetGone(ids);
  }

  private async changeTimes(ids: ReadonlySet<string>): Promise<ReadonlyMap<string, number | undefined>> {
    const changedMs = new Map<string, number | undefined>();
    for (const task of this.shared.list.all()) {
      if (ids.has(task.id) && !task.isFinal && !this.isOwn(task)) {
        changedMs.set(task.id, await this.shared.store.changedMs(task.id));
      }
    }
    return changedMs;
  }

  /** Adds a task of another window. */
  private async adopt(id: string, status: Status | undefined): Promise<void> {
    const { store, list } = this.shared;
    const changedMs = await store.changedMs(id);
    const record = await store.load(id).catch(() => undefined);
    if (record !== undefined && list.find(id) === undefined) {
      const task = this.shared.adopt(record);
      task.recordMs = changedMs;
      if (status !== undefined) {
        task.applyRemoteStatus(status);
      }
      list.add(task);
      list.notify(task);
    }
  }

  private async update(task: T, status: Status | undefined, changedMs: number | undefined): Promise<void> {
    const { store, list } = this.shared;
    if (status !== undefined) {
      task.applyRemoteStatus(status);
      list.notify(task);
    } else if (task.isRemote || (changedMs !== undefined && changedMs !== task.recordMs)) {
      // Also a task that is not remote: another window may have run and ended it between two polls.
      task.recordMs = changedMs;
      const record = await store.load(task.id).catch(() => undefined);
      if (record !== undefined && !this.isOwn(task)) {
        task.reclaim(record);
        list.notify(task);
      }
    }
  }

  /** A batch of a million downloads must not leave a million ids behind. */
  private forgetGone(ids: ReadonlySet<string>): void {
    for (const id of this.seen) {
      if (!ids.has(id) && this.shared.list.find(id) === undefined) {
        this.seen.delete(id);
      }
    }
  }

  private ownIds(): ReadonlySet<string> {
    const own = this.shared.list.all().filter((task) => this.isOwn(task));
    return new Set(own.map(({ id }) => id));
  }

  private isOwn(task: T): boolean {
    return task.isOwn || this.leased.has(task.id);
  }
}
