import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onStop } from '../../../scripts/support/stopping.ts';
import { startOssServer } from '../../server/ossServer.ts';
import type { OssServer } from '../../server/ossServer.ts';
import { seededRandom } from '../../support/random.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import type { HostMemory } from '../support/hostProtocol.ts';
import { pick, randomFault } from './soakFaults.ts';
import { origins, SoakObject } from './soakObject.ts';
import type { Origin } from './soakObject.ts';
import { randomSize } from './soakSizes.ts';
import { SoakUser, usualLimits } from './soakUser.ts';
import { Tally } from './tally.ts';

export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  /** Told once in a while how it goes. */
  readonly onProgress?: (line: string) => void;
}

const mebibyte = 1024 * 1024;
const jobsPerUser = 8;
const tickMs = 100;
/** When nothing goes wrong any more, everything must be done within this. */
const endLimitMs = 180_000;
/** What a garbage collector's mood may make of it. */
const heapSlackBytes = 4 * mebibyte;

/** Two engines, one that is killed again and again and one that lives through all of it, and servers of three kinds. */
export class Soak {
  private readonly options: SoakOptions;
  private readonly random: () => number;
  private readonly tally = new Tally();
  private readonly folder = tempFolder();
  private readonly servers: Readonly<Record<Origin, OssServer>>;
  private readonly steady: SoakUser;
  private readonly mortal: SoakUser;
  private objects = 0;
  private wake: Promise<void> | undefined;

  private constructor(options: SoakOptions, oss: OssServer, honouring: OssServer, ignoring: OssServer) {
    this.options = options;
    this.random = seededRandom(options.seed);
    this.servers = { oss: oss, 'oss, versioned': oss, 'honours If-Range': honouring, 'ignores If-Range': ignoring };
    this.steady = new SoakUser('steady', join(this.folder.path, 'steady'), oss.url, this.tally, this.random);
    this.mortal = new SoakUser('mortal', join(this.folder.path, 'mortal'), oss.url, this.tally, this.random);
  }

  /** @returns what happened, and in `violations` what must not have happened */
  static async run(options: SoakOptions): Promise<Tally> {
    const buckets = { pub: { acl: 'public-read' }, versioned: { acl: 'public-read', versioning: 'Enabled' } } as const;
    const servers = await Promise.all([
      startOssServer({ buckets }),
      startOssServer({ buckets, dialect: 'plain', honourIfRange: true }),
      startOssServer({ buckets, dialect: 'plain' }),
    ]);
    const soak = new Soak(options, ...servers);
    const release = onStop(() => soak.folder.remove());
    try {
      await soak.run();
      return soak.tally;
    } finally {
      release();
      await Promise.all([soak.steady.die(), soak.mortal.die(), soak.wake]);
      await soak.mortal.die();
      await Promise.all(servers.map((server) => server.close()));
      soak.folder.remove();
    }
  }

  private async run(): Promise<void> {
    await Promise.all([this.steady.start(), this.mortal.start()]);
    await this.calmly(20);
    const before = await this.steady.memory();
    await this.wildly(this.options.minutes * 60_000);
    await this.calmly(0);
    this.compareMemory(before, await this.steady.memory());
    await Promise.all([this.steady.leave(), this.mortal.leave()]);
    for (const user of [this.steady, this.mortal]) {
      user.leftovers().forEach((file) => this.tally.violate(`${user.name}: left behind in its storage: ${file}`));
    }
  }

  /** Without faults, until everything is done. */
  private async calmly(newJobs: number): Promise<void> {
    await this.wake;
    for (const server of Object.values(this.servers)) {
      server.faults.clear();
      server.network.restore();
      server.settings.bytesPerSecond = 0;
      await server.start();
    }
    await Promise.all([this.steady, this.mortal].map((user) => user.setLimits(usualLimits)));
    for (let job = 0; job < newJobs; job++) {
      this.wishFor(job % 2 === 0 ? this.steady : this.mortal);
    }
    const end = performance.now() + endLimitMs;
    while (this.steady.jobs.size + this.mortal.jobs.size > 0) {
      if (performance.now() > end) {
        for (const user of [this.steady, this.mortal]) {
          user.jobs.forEach((job) =>
            this.tally.violate(
              `${user.name}: not done in the end: ${job.object.origin}, ${JSON.stringify(user.snapshotOf(job))}`,
            ),
          );
        }
        return;
      }
      this.tend();
      await sleep(tickMs);
    }
  }

  private async wildly(ms: number): Promise<void> {
    const start = performance.now();
    let told = start;
    while (performance.now() - start < ms) {
      for (const user of [this.steady, this.mortal]) {
        while (user.jobs.size < jobsPerUser) {
          this.wishFor(user);
        }
      }
      // first, because a download that is being tended takes no second call
      this.disturb();
      this.tend();
      if (performance.now() - told > 60_000) {
        told = performance.now();
        this.options.onProgress?.(
          `${Math.round((told - start) / 60_000)} min: ${this.tally.of('files', 'identical')} ` +
            `files, ${this.tally.of('what users do', 'kill -9')} kills, ${this.tally.violations.length} violations`,
        );
      }
      await sleep(tickMs);
    }
  }

  private tend(): void {
    this.steady.tend();
    this.mortal.tend();
    for (const server of new Set(Object.values(this.servers))) {
      server.requests.entries.forEach((request) =>
        request.faults.forEach((fault) => this.tally.count('faults that took effect', fault)),
      );
      server.requests.clear();
    }
  }

  /** At each tick something may go wrong. */
  private disturb(): void {
    const { random } = this;
    const user = random() < 0.5 ? this.steady : this.mortal;
    const job = pick(random, [...user.jobs]);
    const server = this.servers[job.object.origin];
    const dice = random();
    if (dice < 0.5) {
      // a script that grew long has mostly rules that are used up
      if (server.faults.list().length > 200) {
        server.faults.clear();
      }
      server.faults.add(randomFault(job.object, random));
    } else if (dice < 0.56) {
      this.change(job.object);
    } else if (dice < 0.64) {
      user.pause(job, random() * 3000, random() < 0.3);
    } else if (dice < 0.66) {
      user.cancel(job);
    } else if (dice < 0.67) {
      void user.setLimits({
        ...usualLimits,
        maxConnections: 1 + Math.floor(random() * 16),
        concurrentDownloads: 1 + Math.floor(random() * 8),
      });
    } else if (dice < 0.68) {
      server.settings.bytesPerSecond = pick(random, [0, 0, mebibyte, 4 * mebibyte]);
    } else if (dice < 0.685) {
      this.tally.count('what servers do', 'restart');
      server.restart(random() * 1500);
    } else if (dice < 0.69) {
      this.tally.count('what servers do', 'network lost for a while');
      server.network.lose();
      setTimeout(() => server.network.restore(), random() * 3000);
    } else if (dice < 0.7) {
      this.wake ??= this.endMortal().finally(() => {
        this.wake = undefined;
      });
    }
  }

  private change(object: SoakObject): void {
    if (!object.isThere) {
      return;
    }
    const seed = Math.floor(this.random() * 2 ** 31);
    const how = pick(this.random, ['same size', 'other size', 'grown', 'removed'] as const);
    this.tally.count('objects changed', how);
    switch (how) {
      case 'same size':
        object.put({ seed, sizeBytes: object.sizeBytes });
        break;
      case 'other size':
        object.put({ seed, sizeBytes: randomSize(this.random) });
        break;
      case 'grown':
        object.grow(1 + Math.floor(this.random() * 100_000));
        break;
      case 'removed':
        object.remove();
    }
  }

  private async endMortal(): Promise<void> {
    const { random, mortal } = this;
    if (random() < 0.7) {
      await mortal.die();
      this.tally.count('what users do', 'kill -9');
    } else {
      await mortal.leave();
      this.tally.count('what users do', 'close the window');
    }
    if (random() < 0.4) {
      mortal.damage();
    }
    await sleep(random() * 500);
    await mortal.start();
  }

  private wishFor(user: SoakUser): void {
    const origin = pick(this.random, origins);
    const content = { seed: Math.floor(this.random() * 2 ** 31), sizeBytes: randomSize(this.random) };
    user.wish(new SoakObject(origin, this.servers[origin], `object-${++this.objects}`, content));
  }

  private compareMemory(before: HostMemory | undefined, after: HostMemory | undefined): void {
    if (before === undefined || after === undefined) {
      throw new Error('the memory of the steady engine is not known');
    }
    for (const what of ['workerHeapBytes', 'workerExternalBytes', 'residentBytes'] as const) {
      this.tally.count('memory of the steady engine, KiB', `${what} before`, Math.round(before[what] / 1024));
      this.tally.count('memory of the steady engine, KiB', `${what} after`, Math.round(after[what] / 1024));
    }
    for (const what of ['workerHeapBytes', 'workerExternalBytes'] as const) {
      if (after[what] > before[what] + heapSlackBytes) {
        this.tally.violate(`the steady engine leaks: ${what} was ${before[what]} and is ${after[what]}`);
      }
    }
  }
}
