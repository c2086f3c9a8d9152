import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Clock } from '../../base/clock.ts';
import { Turns } from '../../base/async.ts';
import { onDisk, removeIfThere } from '../files/disk.ts';
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

/** How a download stands that some window is at. */
export type ActiveStatus = v.InferOutput<typeof statusSchema>;

/** What one window may ask another to do with a download, or a batch, that it is at. */
export const windowActions = ['pause', 'cancel', 'prioritize'] as const;
export type WindowAction = (typeof windowActions)[number];

export interface WindowRequest<Action extends WindowAction = WindowAction> {
  readonly id: string;
  readonly action: Action;
}

const windowSuffix = '.window';
/** A window that was silent for so long is taken for dead, see `Heartbeats`. */
const silentAfterMs = 4000;
const forgottenAfterMs = 3_600_000;
/** Owners look for requests every half second. */
const answerWithinMs = 2000;
const lookEveryMs = 50;

/**
 * What windows tell one another through a folder that all of them see: `<random>.window`, written again and again by
 * each that is at some download, and `<id>.pause`, `<id>.cancel`, `<id>.prioritize`, left there
 * as a request for whoever is at that download or batch.
 */
export class OtherWindows {
  private readonly folder: string;
  private readonly clock: Clock;
  private readonly own = `${randomUUID()}${windowSuffix}`;
  private readonly heartbeats: Heartbeats;
  private isPublished = false;
  private readonly writes = new Turns();

  constructor(folder: string, clock: Clock) {
    this.folder = folder;
    this.clock = clock;
    this.heartbeats = new Heartbeats(clock, silentAfterMs);
  }

  /** Tells the others what this window is at, by id. To be repeated every second, for it is also the sign of life. */
  async publish(active: ReadonlyMap<string, ActiveStatus>): Promise<void> {
    // One after the other: what was true before must not be written over what is true now.
    await this.writes.run(() => this.write(active));
  }

  /** What the others are at just now, by id. */
  async active(): Promise<ReadonlyMap<string, ActiveStatus>> {
    const active = new Map<string, ActiveStatus>();
    const names = new Set((await this.list()).filter((name) => name.endsWith(windowSuffix) && name !== this.own));
    this.heartbeats.retain((name) => names.has(name));
    for (const name of names) {
      Object.entries(await this.told(name)).forEach(([id, status]) => active.set(id, status));
    }
    return active;
  }

  /** The requests of others for these downloads or batches, each taken once. */
  async takeRequests<Action extends WindowAction>(
    ids: ReadonlySet<string>,
    actions: readonly Action[],
  ): Promise<readonly WindowRequest<Action>[]> {
    const requests: WindowRequest<Action>[] = [];
    for (const name of await this.list()) {
      const action = actions.find((candidate) => name.endsWith(`.${candidate}`));
      const id = action === undefined ? '' : name.slice(0, -action.length - 1);
      if (action !== undefined && ids.has(id)) {
        await onDisk(name, () => removeIfThere(join(this.folder, name)));
        requests.push({ id, action });
      }
    }
    return requests;
  }

  /**
   * Leaves a request and waits until it is taken.
   *
   * @returns false where nobody does: the owner has just ended, or died
   */
  async ask(id: string, action: WindowAction, signal: AbortSignal): Promise<boolean> {
    const path = join(this.folder, `${id}.${action}`);
    await onDisk(path, async () => {
      await mkdir(this.folder, { recursive: true });
      await writeFile(path, '', { mode: 0o600 });
    });
    for (let waitedMs = 0; waitedMs < answerWithinMs; waitedMs += lookEveryMs) {
      await this.clock.delay(lookEveryMs, signal);
      if ((await stat(path).catch(() => undefined)) === undefined) {
        return true;
      }
    }
    await onDisk(path, () => removeIfThere(path));
    return false;
  }

  private async write(active: ReadonlyMap<string, ActiveStatus>): Promise<void> {
    const path = join(this.folder, this.own);
    if (active.size > 0) {
      this.isPublished = true;
      await onDisk(path, async () => {
        await mkdir(this.folder, { recursive: true });
        // Renamed: a reader that found it half-written would think that this window is at nothing.
        await writeFile(`${path}.new`, JSON.stringify({ owner: ownProcess, active: Object.fromEntries(active) }), {
          mode: 0o600,
        });
        await rename(`${path}.new`, path);
      });
    } else if (this.isPublished) {
      this.isPublished = false;
      await onDisk(path, () => removeIfThere(path));
    }
  }

  /** What one window is at, as long as it seems alive. */
  private async told(name: string): Promise<Readonly<Record<string, ActiveStatus>>> {
    const path = join(this.folder, name);
    const changedMs = (await stat(path).catch(() => undefined))?.mtimeMs;
    const told = v.safeParse(windowSchema, await readFile(path, 'utf8').catch(() => ''));
    if (changedMs === undefined) {
      return {};
    }
    if (told.success && this.heartbeats.isAlive(name, changedMs, told.output.owner)) {
      return told.output.active;
    }
    if (Math.abs(this.clock.wallMs() - changedMs) > forgottenAfterMs) {
      await removeIfThere(path).catch(() => undefined);
    }
    return {};
  }

  private async list(): Promise<readonly string[]> {
    return readdir(this.folder).catch(() => []);
  }
}
