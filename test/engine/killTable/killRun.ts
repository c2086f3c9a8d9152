import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isFinal } from '../../../src/download/downloadState.ts';
import type { TransferLimits } from '../../../src/download/model.ts';
import { partPathOf } from '../../../src/download/files/partPath.ts';
import type { OssServer } from '../../server/ossServer.ts';
import { until } from '../../support/poll.ts';
import { differenceFrom } from '../support/compareFile.ts';
import { EngineProcess, ProcessEnded } from '../support/engineProcess.ts';
import { costOfSessions } from './coverage.ts';
import type { KillMoment, PlannedObject } from './killPlan.ts';
import { SentMeter } from './sentMeter.ts';

const mebibyte = 1024 * 1024;
const limits: TransferLimits = {
  maxConnections: 16,
  concurrentDownloads: 3,
  partSizeBytes: 'auto',
  retries: 5,
  stallTimeoutMs: 30_000,
};
/** Objects of these sizes take far less: what has not ended by then hangs. */
const sessionLimitMs = 240_000;
/** What the server has sent may still be on its way through the buffers when the process dies. */
const wayMs = 250;
const bucket = 'pub';
const key = 'object';

/** What became of one object that was downloaded through several deaths. */
export interface KillRow {
  readonly object: PlannedObject;
  readonly kills: readonly KillCost[];
  readonly sentBytes: number;
  /** What is wrong in the end; undefined where the file is identical and nothing else is left. */
  readonly difference: string | undefined;
}

/** What one death cost, in bytes that had to be sent again. */
export interface KillCost {
  readonly bytes: number;
  /** What it may cost: 1 MiB for each open request, and what was sent in the last second. */
  readonly boundBytes: number;
}

/**
 * One object, downloaded into a folder of its own by processes that are killed at the planned moments, until the file
 * is there.
 */
export class KillRun {
  private readonly object: PlannedObject;
  private readonly server: OssServer;
  private readonly folder: string;
  private readonly meter: SentMeter;
  /** What the running session found on disk; undefined until it has looked. */
  private keptBytes: number | undefined;

  private constructor(object: PlannedObject, server: OssServer, folder: string) {
    this.object = object;
    this.server = server;
    this.folder = folder;
    server.store.bucket(bucket).put(key, { seed: object.seed, sizeBytes: object.sizeBytes });
    server.settings.bytesPerSecond = object.bytesPerSecond;
    server.requests.clear();
    this.meter = new SentMeter(server.requests);
  }

  /**
   * @param server with a public bucket `pub`, used by nobody else meanwhile
   * @param folder is made, and removed in the end
   * @throws Error when the download fails or hangs
   */
  static async run(object: PlannedObject, server: OssServer, folder: string): Promise<KillRow> {
    const run = new KillRun(object, server, folder);
    try {
      return await run.throughAllDeaths();
    } finally {
      run.meter.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private get path(): string {
    return join(this.folder, 'out', 'object.bin');
  }

  private async throughAllDeaths(): Promise<KillRow> {
    const bounds: number[] = [];
    for (const moment of this.object.kills) {
      const bound = await this.session(moment);
      if (bound === undefined) {
        break; // it was quicker than its death
      }
      bounds.push(bound);
      if (existsSync(this.path)) {
        break; // it was renamed: only the record of that is missing
      }
    }
    await this.session(undefined);
    const costs = costOfSessions(this.meter.sessions());
    return {
      object: this.object,
      kills: bounds.map((boundBytes, index) => ({ boundBytes, bytes: costs[index]?.sentAgainBytes ?? 0 })),
      sentBytes: costs.reduce((sum, cost) => sum + cost.sentBytes, 0),
      difference: existsSync(partPathOf(this.path))
        ? 'the unfinished file is left'
        : await differenceFrom(this.path, this.object.seed, this.object.sizeBytes),
    };
  }

  /**
   * One process, until the moment comes or the download is complete. @returns what its death may cost, if it died too
   * early
   */
  private async session(moment: KillMoment | undefined): Promise<number | undefined> {
    this.keptBytes = undefined;
    const engine = EngineProcess.spawn({ storagePath: join(this.folder, 'storage'), limits, origin: this.server.url });
    const working = this.work(engine);
    working.catch(() => undefined); // awaited below
    let bound: number;
    try {
      await (moment === undefined ? working : Promise.race([this.moment(moment, engine), working]));
      const open = this.server.requests.entries.filter((request) => request.outcome === 'open').length;
      bound = open * mebibyte - this.meter.totalBefore(1000 + wayMs);
    } finally {
      await engine.kill();
    }
    await until('the server to notice the end of every request', () =>
      this.server.requests.entries.every((request) => request.outcome !== 'open'),
    );
    bound += this.meter.total();
    this.meter.endSession();
    return (await isDone(working)) ? undefined : bound;
  }

  /** Brings the download to its end. @throws ProcessEnded when the process is killed before that */
  private async work(engine: EngineProcess): Promise<void> {
    await engine.ready;
    // A process that died while it added the download may have left it, or not.
    const earlier = [...engine.downloads.values()].find((download) => download.path === this.path);
    this.keptBytes = earlier?.bytesDone ?? 0;
    const source = { kind: 'oss', object: { profile: 'p', bucket, key } } as const;
    const id = earlier?.id ?? (await engine.add({ source, path: this.path, overwrite: false }));
    if (earlier !== undefined) {
      await engine.resume(id);
    }
    await until(
      'the download to end',
      () => {
        const state = engine.downloads.get(id)?.state;
        if (state?.kind === 'failed') {
          throw new Error(`the download failed, ${state.error.code}: ${state.error.message}`);
        }
        return engine.hasEnded || (state !== undefined && isFinal(state));
      },
      sessionLimitMs,
    );
    if (engine.hasEnded) {
      throw new ProcessEnded();
    }
  }

  private async moment(moment: KillMoment, engine: EngineProcess): Promise<void> {
    if (moment.kind === 'afterShare') {
      const isThere = (): boolean =>
        this.keptBytes !== undefined &&
        this.meter.sessionBytes() >= (this.object.sizeBytes - this.keptBytes) * moment.share;
      await until(`${moment.share} of what is missing to be sent`, () => engine.hasEnded || isThere(), sessionLimitMs);
    }
    await sleep(moment.ms);
  }
}

async function isDone(working: Promise<void>): Promise<boolean> {
  try {
    await working;
    return true;
  } catch (error) {
    if (error instanceof ProcessEnded) {
      return false;
    }
    throw error;
  }
}
