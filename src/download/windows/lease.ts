import { createHash } from 'node:crypto';
import { utimesSync } from 'node:fs';
import { readdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as v from 'valibot';
import type { Clock } from '../../base/clock.ts';
import { AppError } from '../../base/errors.ts';
import { errnoOf, ignoring, onDisk, inFolder, removeIfThere } from '../files/disk.ts';
import { Heartbeats } from './heartbeats.ts';
import { isDead, ownerSchema, ownProcess } from './processId.ts';
import type { Owner } from './processId.ts';

/** Interval at which an owner renews the modification time of its lease. */
const heartbeatMs = 1000;
/** A lease without a heartbeat for this long is watched, and taken over if none comes within `watchMs`. */
const staleAfterMs = 5000;
const watchMs = 2500;
/** If two processes collide, both back off. After this many collisions, report another owner. */
const maxCollisions = 5;

const leaseSchema = v.pipe(v.string(), v.parseJson(), ownerSchema);

interface LeaseFile {
  readonly name: string;
  readonly generation: number;
}

/**
 * Leases on part files, so that only one process writes each. A lease is a file `<hash of the part file's
 * path>.<generation>` whose modification time is the owner's heartbeat. A dead owner's lease is taken over by creating
 * the next generation, which only one process can do.
 */
export class LeaseFolder {
  private readonly folder: string;
  private readonly clock: Clock;
  private readonly heartbeats: Heartbeats;

  constructor(folder: string, clock: Clock) {
    this.folder = folder;
    this.clock = clock;
    this.heartbeats = new Heartbeats(clock, staleAfterMs);
  }

  /**
   * Acquires the lease of a part file.
   *
   * @param path of the part file; its folder need not exist
   * @throws AppError `download/ownedElsewhere` while another owner is alive
   */
  async acquire(path: string, signal: AbortSignal): Promise<Lease> {
    return onDisk(this.folder, async () => {
      const key = await keyOf(path);
      for (let attempt = 1; attempt <= maxCollisions; attempt += 1) {
        const lease = await inFolder(this.folder, () => this.tryAcquire(key, path, signal));
        if (lease !== undefined) {
          return lease;
        }
        await this.clock.delay(Math.random() * 50 * attempt, signal);
      }
      throw ownedElsewhere(path);
    });
  }

  /**
   * Returns those of these paths whose owner seems alive, see `Heartbeats`: cheaper than `acquire`, and less certain.
   * To be called about once a second.
   */
  async held(paths: readonly string[]): Promise<ReadonlySet<string>> {
    const names = await readdir(this.folder).catch(() => []);
    const held = new Set<string>();
    for (const path of names.length === 0 ? [] : paths) {
      for (const { name } of leasesIn(names, await keyOf(path))) {
        const file = join(this.folder, name);
        const beatMs = await changeTime(file).catch(() => undefined);
        if (beatMs !== undefined && this.heartbeats.isAlive(name, beatMs, await ownerOf(file))) {
          held.add(path);
        }
      }
    }
    const existing = new Set(names);
    this.heartbeats.retain((name) => existing.has(name));
    return held;
  }

  /** @returns undefined after a collision with another process */
  private async tryAcquire(key: string, path: string, signal: AbortSignal): Promise<Lease | undefined> {
    const before = await this.list(key);
    for (const { name } of before) {
      if (!(await this.isStale(join(this.folder, name), signal))) {
        throw ownedElsewhere(path);
      }
    }
    const generation = Math.max(0, ...before.map((other) => other.generation)) + 1;
    const name = `${key}.${generation}`;
    const file = join(this.folder, name);
    if (!(await this.create(file))) {
      return undefined;
    }
    // Valid only if no other lease came or went meanwhile: a missing stale one was taken over by another process.
    const after = (await this.list(key)).map((each) => each.name).filter((each) => each !== name);
    if (after.length !== before.length || before.some((each) => !after.includes(each.name))) {
      await removeIfThere(file);
      return undefined;
    }
    await Promise.all(before.map((each) => removeIfThere(join(this.folder, each.name))));
    return new Lease(file, path, this.clock);
  }

  private async create(file: string): Promise<boolean> {
    try {
      await writeFile(file, JSON.stringify(ownProcess), { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') {
        return false;
      }
      // An empty lease, left by a full disk, would have no owner that can be found dead.
      await removeIfThere(file).catch(() => undefined);
      throw error;
    }
  }

  private async list(key: string): Promise<LeaseFile[]> {
    return leasesIn(await readdir(this.folder), key);
  }

  private async isStale(file: string, signal: AbortSignal): Promise<boolean> {
    const first = await changeTime(file);
    const owner = await ownerOf(file);
    if (first === undefined || (owner !== undefined && isDead(owner))) {
      return true;
    }
    // A heartbeat in the future precedes a clock that was set back: it proves no more than an old one.
    if (Math.abs(this.clock.wallMs() - first) < staleAfterMs) {
      return false;
    }
    // The wall clock alone proves nothing: the machine may have slept, or the clock was set.
    await this.clock.delay(watchMs, signal);
    return (await changeTime(file)) === first;
  }
}

/** Exclusive right to write one part file, renewed until it is released. */
export class Lease {
  /** Aborted when another process took the lease over, because this one seemed dead. */
  readonly lost: AbortSignal;
  private readonly file: string;
  private readonly path: string;
  private readonly clock: Clock;
  private readonly losing = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private lastBeatMs: number;

  constructor(file: string, path: string, clock: Clock) {
    this.file = file;
    this.path = path;
    this.clock = clock;
    this.lost = this.losing.signal;
    this.lastBeatMs = clock.steadyMs();
    this.timer = setInterval(() => this.beat(), heartbeatMs);
  }

  /**
   * Checks the ownership: to be called before each write, since another process may own the lease after a freeze.
   * @throws AppError `download/ownedElsewhere`
   */
  requireOwned(): void {
    if (this.clock.steadyMs() - this.lastBeatMs > staleAfterMs - heartbeatMs) {
      this.beat();
    }
    this.lost.throwIfAborted();
  }

  async release(): Promise<void> {
    clearInterval(this.timer);
    if (!this.lost.aborted) {
      await onDisk(this.file, () => removeIfThere(this.file));
    }
  }

  /** Synchronous: in Node's pool of four threads it would wait behind syncs of a slow disk, and the lease be lost. */
  private beat(): void {
    try {
      const now = new Date();
      utimesSync(this.file, now, now);
      this.lastBeatMs = this.clock.steadyMs();
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') {
        clearInterval(this.timer);
        this.losing.abort(ownedElsewhere(this.path));
      }
    }
  }
}

function leasesIn(names: readonly string[], key: string): LeaseFile[] {
  return names
    .filter((name) => name.startsWith(`${key}.`))
    .map((name) => ({ name, generation: Number(name.slice(key.length + 1)) }))
    .filter((file) => Number.isSafeInteger(file.generation));
}

/** Key of a file, the same for all paths to its folder. */
async function keyOf(path: string): Promise<string> {
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  return createHash('sha256')
    .update(join(folder, basename(path)))
    .digest('hex')
    .slice(0, 32);
}

async function changeTime(file: string): Promise<number | undefined> {
  return (await stat(file).catch(ignoring('ENOENT')))?.mtimeMs;
}

/** @returns undefined if unreadable: then only the heartbeat counts */
async function ownerOf(file: string): Promise<Owner | undefined> {
  const owner = v.safeParse(leaseSchema, await readFile(file, 'utf8').catch(() => ''));
  return owner.success ? owner.output : undefined;
}

function ownedElsewhere(path: string): AppError {
  return new AppError('download/ownedElsewhere', `another window is downloading this file: ${path}`, {
    details: { subject: path },
  });
}
