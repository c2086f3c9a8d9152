import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../src/base/errors.ts';
import { isActive } from '../../../src/download/downloadState.ts';
import type { DownloadSnapshot, TransferLimits } from '../../../src/download/model.ts';
import { partPathOf } from '../../../src/download/files/partPath.ts';
import { EngineProcess, ProcessEnded } from '../support/engineProcess.ts';
import type { HostCall, HostResult, HostSetup } from '../support/hostProtocol.ts';
import { answerInTime, recordTime } from './answerTimes.ts';
import { damageFile, someCheckpoint } from './damage.ts';
import type { Damage } from './damage.ts';
import { SoakJob } from './soakJob.ts';
import type { SoakObject } from './soakObject.ts';
import { partSizeBytes } from './soakSizes.ts';
import type { Tally } from './tally.ts';

export const usualLimits: TransferLimits = {
  maxConnections: 8,
  concurrentDownloads: 4,
  partSizeBytes,
  retries: 4,
  stallTimeoutMs: 1500,
};

/** Somebody with an engine: adds downloads, goes on with what stopped, checks what came. */
export class SoakUser {
  readonly name: string;
  readonly jobs = new Set<SoakJob>();
  private readonly folder: string;
  private readonly origin: string;
  private readonly tally: Tally;
  private readonly random: () => number;
  private engine: EngineProcess | undefined;
  private startedMs = 0;
  private count = 0;
  /** What cannot be read may belong to another version of the program: the engine leaves it alone. */
  private readonly damagedCheckpoints = new Set<string>();

  constructor(name: string, folder: string, origin: string, tally: Tally, random: () => number) {
    this.name = name;
    this.folder = folder;
    this.origin = origin;
    this.tally = tally;
    this.random = random;
  }

  get isRunning(): boolean {
    return this.engine !== undefined;
  }

  async start(): Promise<void> {
    const setup: HostSetup = { storagePath: this.storagePath, limits: usualLimits, origin: this.origin };
    const startingMs = Date.now();
    const engine = EngineProcess.spawn(setup);
    await engine.ready;
    this.startedMs = startingMs;
    this.engine = engine;
  }

  wish(object: SoakObject): void {
    this.jobs.add(new SoakJob(object, join(this.folder, 'out', String(++this.count), 'file.bin'), this.random() < 0.3));
  }

  snapshotOf(job: SoakJob): DownloadSnapshot | undefined {
    return job.id === undefined ? undefined : this.engine?.downloads.get(job.id);
  }

  /** Looks after every download. To be called a few times a second. */
  tend(): void {
    if (this.engine === undefined) {
      this.jobs.forEach((job) => job.touch());
      return;
    }
    for (const job of this.jobs) {
      if (!job.moves(this.snapshotOf(job))) {
        this.tally.violate(
          `${this.name}: nothing moves: ${job.object.origin}, ${job.path}, ${JSON.stringify(this.snapshotOf(job))}`,
        );
        job.touch();
      }
      this.act(job, () => this.tendOne(job));
    }
  }

  /** SIGKILL. */
  async die(): Promise<void> {
    const { engine } = this;
    this.engine = undefined;
    await engine?.kill();
  }

  /** In order, as when the window is closed. */
  async leave(): Promise<void> {
    const { engine } = this;
    this.engine = undefined;
    const start = performance.now();
    await engine?.shutdown();
    recordTime('shutdown', start, this.tally);
  }

  /** Damages what lies on the disk of an engine that is not running: a checkpoint, or an unfinished file. */
  damage(): void {
    const checkpoint = someCheckpoint(this.storagePath, this.random);
    if (checkpoint !== undefined && this.random() < 0.5) {
      this.damagedCheckpoints.add(checkpoint);
      this.countDamage('a checkpoint', damageFile(checkpoint, this.random));
    } else {
      const job = [...this.jobs][Math.floor(this.random() * this.jobs.size)];
      this.countDamage('an unfinished file', job && damageFile(partPathOf(job.path), this.random));
    }
  }

  /** Stops a download for a while, and perhaps damages it meanwhile. */
  pause(job: SoakJob, ms: number, damages: boolean): void {
    const state = this.snapshotOf(job)?.state;
    if (state === undefined || !isActive(state)) {
      return;
    }
    this.act(job, async () => {
      job.pausedUntilMs = performance.now() + ms;
      await this.call({ type: 'pause', id: job.id ?? '' });
      this.tally.count('what users do', 'pause');
      if (damages && this.snapshotOf(job)?.state.kind === 'paused') {
        this.countDamage('an unfinished file, paused', damageFile(partPathOf(job.path), this.random));
      }
    });
  }

  cancel(job: SoakJob): void {
    this.act(job, async () => {
      if (job.id === undefined || this.snapshotOf(job)?.state.kind === 'completed') {
        return;
      }
      await this.call({ type: 'cancel', id: job.id });
      if (this.snapshotOf(job)?.state.kind === 'completed') {
        return; // it was quicker
      }
      this.tally.count('what users do', 'cancel');
      if (existsSync(partPathOf(job.path))) {
        this.tally.violate(`${this.name}: cancelled, but the unfinished file is left: ${job.path}`);
      }
      this.drop(job);
    });
  }

  async setLimits(limits: TransferLimits): Promise<void> {
    await this.call({ type: 'limits', limits }).catch(ignoreEnded);
  }

  async memory(): Promise<NonNullable<(HostResult & { ok: true })['memory']> | undefined> {
    return (await this.call({ type: 'memory' })).memory;
  }

  /** What is left in the engine's own folders, of which nothing should be. */
  leftovers(): readonly string[] {
    const files = ['checkpoints', 'leases'].flatMap((name) => {
      const folder = join(this.storagePath, name);
      return existsSync(folder) ? readdirSync(folder).map((file) => join(folder, file)) : [];
    });
    // What a killed process had half written, and its leases: the one goes with a start a minute later, the other is
    // taken over by whoever next wants that file.
    const isOfTheDead = (file: string): boolean => {
      const { mtimeMs } = statSync(file);
      return file.endsWith('.new')
        ? mtimeMs > this.startedMs - 60_000
        : !file.endsWith('.checkpoint') && mtimeMs < this.startedMs;
    };
    return files.filter((file) => !this.damagedCheckpoints.has(file) && !isOfTheDead(file));
  }

  private countDamage(what: string, damage: Damage | undefined): void {
    if (damage !== undefined) {
      this.tally.count('damage on disk', `${what}: ${damage}`);
    }
  }

  private get storagePath(): string {
    return join(this.folder, 'storage');
  }

  /** Runs an action about a download unless one is under way. A process that is killed meanwhile ends it. */
  private act(job: SoakJob, action: () => Promise<void>): void {
    if (job.busy) {
      return;
    }
    job.busy = true;
    const { engine } = this;
    void action()
      .catch((error: unknown) => this.onFailedAction(job, error, engine))
      .finally(() => {
        job.busy = false;
      });
  }

  private onFailedAction(job: SoakJob, error: unknown, engine: EngineProcess | undefined): void {
    if (error instanceof AppError && ['download/ownedElsewhere', 'download/notFound'].includes(error.code)) {
      this.tally.count('calls refused', error.code);
    } else if (!(error instanceof ProcessEnded) && this.engine === engine) {
      // where it is another engine now, or none, the window was closed on the call
      this.tally.violate(`${this.name}: ${String(error)}: ${job.object.origin}, ${job.path}`);
    }
  }

  private async tendOne(job: SoakJob): Promise<void> {
    const snapshot = this.snapshotOf(job);
    if (snapshot === undefined || job.id === undefined) {
      await this.add(job);
      return;
    }
    const { id } = job;
    switch (snapshot.state.kind) {
      case 'waiting':
        if (snapshot.state.reason === 'url') {
          this.tally.count('what users do', 'replace the URL');
          await this.call({ type: 'replaceUrl', id, url: job.object.url(job.secret) });
        }
        return;
      case 'paused':
        job.touch();
        if (performance.now() >= job.pausedUntilMs) {
          await this.call({ type: 'resume', id });
        }
        return;
      case 'interrupted':
        await this.call({ type: 'resume', id });
        return;
      case 'failed':
        await this.onFailure(job, id, snapshot.state.error.code);
        return;
      case 'completed':
        await this.onCompleted(job, id, snapshot.state.verified);
        return;
      case 'queued':
      case 'running':
      case 'cancelled':
    }
  }

  private async add(job: SoakJob): Promise<void> {
    const added = [...(this.engine?.downloads.values() ?? [])].find((download) => download.path === job.path);
    if (added !== undefined) {
      job.id = added.id; // by a process that died before it could say so
      return;
    }
    if (existsSync(job.path)) {
      // Renamed, and then the record of it was lost with its checkpoint: the file is there all the same.
      this.tally.count('outcomes', 'completed, checkpoint lost');
      await this.check(job);
      this.drop(job);
      return;
    }
    const known = this.random() < 0.5 && job.object.hasCrc ? job.object.known() : undefined;
    // One of a batch has no checkpoint before a session; a small one never: after a kill it is added again, as the
    // batch's record would have it.
    const batch = known !== undefined && this.random() < 0.7 ? { batch: 'soak' } : {};
    const { id } = await this.call({
      type: 'add',
      request: {
        source: job.object.source(job.secret),
        path: job.path,
        overwrite: false,
        ...batch,
        ...(known === undefined ? {} : { known }),
      },
    });
    job.id = id;
  }

  private async onFailure(job: SoakJob, id: string, code: string): Promise<void> {
    job.failures += 1;
    this.tally.count('failures', code);
    if (code === 'internal' || code.startsWith('disk/') || code.startsWith('checkpoint/')) {
      this.tally.violate(`${this.name}: failed with ${code}: ${job.path}, ${JSON.stringify(this.snapshotOf(job))}`);
    }
    job.object.comeBack();
    await this.call({ type: code === 'object/changed' || code === 'object/corrupt' ? 'restart' : 'resume', id });
  }

  private async onCompleted(job: SoakJob, id: string, verified: string): Promise<void> {
    this.tally.count('outcomes', `completed, proven by ${verified}, ${job.object.origin}`);
    if (existsSync(partPathOf(job.path))) {
      this.tally.violate(`${this.name}: completed, but the unfinished file is left: ${job.path}`);
    }
    await this.check(job);
    // Only then is it forgotten: a process that is killed before it has removed it still lists it after the next start.
    await this.call({ type: 'remove', id });
    this.drop(job);
  }

  private async check(job: SoakJob): Promise<void> {
    const difference = await job.object.difference(job.path);
    this.tally.count('files', difference === undefined ? 'identical' : 'WRONG');
    if (difference !== undefined) {
      this.tally.violate(`${this.name}: a wrong file: ${job.object.origin}, ${job.path}, ${difference}`);
    }
  }

  private drop(job: SoakJob): void {
    this.jobs.delete(job);
    job.object.forget();
    rmSync(join(job.path, '..'), { recursive: true, force: true });
  }

  private async call(call: HostCall): Promise<HostResult & { ok: true }> {
    if (this.engine === undefined) {
      throw new ProcessEnded();
    }
    return answerInTime(call.type, this.engine.call(call), this.tally);
  }
}

function ignoreEnded(error: unknown): void {
  if (!(error instanceof ProcessEnded)) {
    throw error;
  }
}
