import { SerialQueue } from '../../base/async.ts';
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
/** Grace period in which a task may have no owner, as just before its record is deleted; then its window has closed. */
const ownerGoneAfterMs = 3000;
const pollAgainMs = 100;

/** Download or batch shared by windows. */
export interface SharedTask<Rec, Status> {
  readonly id: string;
  /** Path or label for error messages. */
  readonly subject: string;
  /** Whether another window runs it. */
  readonly isRemote: boolean;
  /** Whether this window runs or queues it. */
  readonly isOwn: boolean;
  /** Whether its record never changes again. */
  readonly isFinal: boolean;
  /** Modification time of the record when this window last read or wrote it, in milliseconds since the epoch. */
  recordMs: number | undefined;
  /** Shows the status reported by the window that runs it. */
  applyRemoteStatus(status: Status): void;
  /** Shows the state of its record: no window runs it. */
  reclaim(record: Rec): void;
}

/** Tasks of one kind, their records and their leases. */
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
  /** Path that identifies the lease of a task. */
  leasePath(task: T): string;
  /** Creates a task from a record of another window. */
  adopt(record: Rec): T;
  /** Reports to the other windows what this one runs. */
  publish(): Promise<void>;
  /** Statuses of the tasks that other windows run. @param ids of the records, without those of this window's tasks */
  remote(ids: readonly string[]): Promise<ReadonlyMap<string, Status>>;
  /** Actions that other windows may request. */
  readonly actions: readonly Action[];
  perform(request: WindowRequest<Action>): Promise<void>;
}

/** Dependencies of every `WindowSync`. */
export interface WindowSyncDeps {
  readonly windows: Pick<OtherWindows, 'ask' | 'takeRequests'>;
  readonly leases: LeaseFolder;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Synchronizes the downloads or batches of this window with other windows through their records. */
export class WindowSync<T extends SharedTask<Rec, Status>, Rec, Status, Action extends WindowAction> {
  private readonly shared: SharedTasks<T, Rec, Status, Action>;
  private readonly deps: WindowSyncDeps;
  private readonly signal: AbortSignal;
  /** Ids of all records seen so far, readable or not. */
  private readonly seen = new Set<string>();
  /** Ids of tasks whose lease this window holds or acquires: changes of their records are its own. */
  private readonly leased = new Set<string>();
  private readonly rounds = new SerialQueue();
  /** One poll at a time: an older one must not be applied after a newer one. */
  private readonly polls = new SerialQueue();
  private round = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param signal ends all waits when aborted */
  constructor(shared: SharedTasks<T, Rec, Status, Action>, deps: WindowSyncDeps, signal: AbortSignal) {
    this.shared = shared;
    this.deps = deps;
    this.signal = signal;
  }

  /** Polls once, then periodically. @throws AppError `disk/*` */
  async start(): Promise<void> {
    await this.poll();
    this.timer = setInterval(() => void this.rounds.run(() => this.runRound()), roundMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all([this.rounds.settled(), this.polls.settled()]);
  }

  /** Applies the changes of other windows. @throws AppError `disk/*` */
  async poll(): Promise<void> {
    await this.polls.run(() => this.pollOnce());
  }

  /**
   * Requests an action of the window that runs a task, and waits until the result is visible here.
   * @returns false if the action is still to be done, and no window runs the task any more
   * @throws AppError `download/ownedElsewhere` if that window does not respond
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

  /** Acquires the lease of a task until `release`. @throws AppError `download/ownedElsewhere`, `disk/*` */
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
      // Only then: while the lease exists, a poll would take it for another window's.
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
      // Not awaited: cancelling a batch can take longer than `silentAfterMs`.
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
    // Read before the owners: a window acquires a task before it writes the record.
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

  /** Frees the ids of deleted records: a batch can have a million downloads. */
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
