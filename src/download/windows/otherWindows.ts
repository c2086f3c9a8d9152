import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Clock } from '../../base/clock.ts';
import { SerialQueue } from '../../base/async.ts';
import { onDisk, removeIfThere } from '../files/disk.ts';
import { patiently } from '../files/patience.ts';
import { Heartbeats } from './heartbeats.ts';
import { ownerSchema, ownProcess } from './processId.ts';

const statusSchema = v.object({
  state: v.variant('kind', [
    v.object({ kind: v.literal('queued') }),
    v.object({ kind: v.literal('running'), phase: v.picklist(['checking', 'transferring', 'verifying']) }),
    v.object({ kind: v.literal('waiting'), reason: v.picklist(['network', 'restore', 'url']) }),
  ]),
  bytesDone: v.number(),
  bytesTotal: v.exactOptional(v.number()),
  bytesPerSecond: v.number(),
});
const windowSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ owner: ownerSchema, active: v.record(v.string(), statusSchema) }),
);

/** Status of a download that a window runs. */
export type ActiveStatus = v.InferOutput<typeof statusSchema>;

/** Actions that one window may request of another, for a download or a batch that the other one runs. */
export const windowActions = ['pause', 'cancel', 'prioritize'] as const;
export type WindowAction = (typeof windowActions)[number];

export interface WindowRequest<Action extends WindowAction = WindowAction> {
  readonly id: string;
  readonly action: Action;
}

const windowSuffix = '.window';
/** A window that is silent for this long counts as dead, see `Heartbeats`. */
const silentAfterMs = 4000;
/** The file of a dead window is deleted after this time. */
const deleteAfterMs = 3_600_000;
/** A request that is not taken by then has no owner: owners poll every half second. */
const takenWithinMs = 2000;
/** A request of this age is removed without being performed: whoever asked has given it up, or died. */
const expiresAfterMs = 2 * takenWithinMs;
const pollMs = 50;

/**
 * Exchange between windows through a shared folder: `<random>.window` is the status of a window, rewritten while it
 * runs downloads; `<id>.pause`, `<id>.cancel` and `<id>.prioritize` are requests to the owner of a download or batch.
 */
export class OtherWindows {
  private readonly folder: string;
  private readonly clock: Clock;
  private readonly own = `${randomUUID()}${windowSuffix}`;
  private readonly heartbeats: Heartbeats;
  private isPublished = false;
  private readonly writes = new SerialQueue();

  constructor(folder: string, clock: Clock) {
    this.folder = folder;
    this.clock = clock;
    this.heartbeats = new Heartbeats(clock, silentAfterMs);
  }

  /** Reports what this window runs, by id: to be called every second, since it is also the heartbeat. */
  async publish(active: ReadonlyMap<string, ActiveStatus>): Promise<void> {
    // One after the other: an old status must not overwrite a new one.
    await this.writes.run(() => this.write(active));
  }

  /** Downloads that the other windows run now, by id. */
  async active(): Promise<ReadonlyMap<string, ActiveStatus>> {
    const active = new Map<string, ActiveStatus>();
    const names = new Set((await this.list()).filter((name) => name.endsWith(windowSuffix) && name !== this.own));
    this.heartbeats.retain((name) => names.has(name));
    for (const name of names) {
      Object.entries(await this.read(name)).forEach(([id, status]) => active.set(id, status));
    }
    return active;
  }

  /** Takes the requests for these downloads or batches; returns each once, and none that has expired. */
  async takeRequests<Action extends WindowAction>(
    ids: ReadonlySet<string>,
    actions: readonly Action[],
  ): Promise<readonly WindowRequest<Action>[]> {
    const requests: WindowRequest<Action>[] = [];
    for (const name of await this.list()) {
      const action = actions.find((each) => name.endsWith(`.${each}`));
      const id = action === undefined ? '' : name.slice(0, -action.length - 1);
      if (action !== undefined && ids.has(id) && (await this.takeRequest(join(this.folder, name)))) {
        requests.push({ id, action });
      }
    }
    return requests;
  }

  /**
   * Leaves a request and waits until it is taken.
   *
   * @returns false if it is not: the owner has just stopped, or died
   */
  async ask(id: string, action: WindowAction, signal: AbortSignal): Promise<boolean> {
    const path = join(this.folder, `${id}.${action}`);
    await onDisk(path, async () => {
      await mkdir(this.folder, { recursive: true });
      // Renamed: without its time a request would count as expired.
      const draft = `${path}.${this.own}.new`;
      await writeFile(draft, String(this.clock.wallMs()), { mode: 0o600 });
      await patiently(() => rename(draft, path));
    });
    try {
      for (let waitedMs = 0; waitedMs < takenWithinMs; waitedMs += pollMs) {
        await this.clock.delay(pollMs, signal);
        if ((await stat(path).catch(() => undefined)) === undefined) {
          return true;
        }
      }
      return false;
    } finally {
      // Also when this window closes meanwhile: a cancel that is found days later would delete what was kept.
      await onDisk(path, () => removeIfThere(path));
    }
  }

  /** Removes a request. @returns whether it is to be performed: this call removed it, and it has not expired */
  private async takeRequest(path: string): Promise<boolean> {
    const askedMs = Number((await readFile(path, 'utf8').catch(() => '')) || Number.NaN);
    const isRemoved = await unlink(path).then(
      () => true,
      () => false,
    );
    return isRemoved && Math.abs(this.clock.wallMs() - askedMs) < expiresAfterMs;
  }

  private async write(active: ReadonlyMap<string, ActiveStatus>): Promise<void> {
    const path = join(this.folder, this.own);
    if (active.size > 0) {
      this.isPublished = true;
      await onDisk(path, async () => {
        await mkdir(this.folder, { recursive: true });
        // Renamed: in a half-written file a reader would see no downloads.
        await writeFile(`${path}.new`, JSON.stringify({ owner: ownProcess, active: Object.fromEntries(active) }), {
          mode: 0o600,
        });
        await patiently(() => rename(`${path}.new`, path));
      });
    } else if (this.isPublished) {
      this.isPublished = false;
      await onDisk(path, () => removeIfThere(path));
    }
  }

  /** Downloads of one window; empty if it seems dead. */
  private async read(name: string): Promise<Readonly<Record<string, ActiveStatus>>> {
    const path = join(this.folder, name);
    const changedMs = (await stat(path).catch(() => undefined))?.mtimeMs;
    const status = v.safeParse(windowSchema, await readFile(path, 'utf8').catch(() => ''));
    if (changedMs === undefined) {
      return {};
    }
    if (status.success && this.heartbeats.isAlive(name, changedMs, status.output.owner)) {
      return status.output.active;
    }
    if (Math.abs(this.clock.wallMs() - changedMs) > deleteAfterMs) {
      await removeIfThere(path).catch(() => undefined);
    }
    return {};
  }

  private async list(): Promise<readonly string[]> {
    return readdir(this.folder).catch(() => []);
  }
}
