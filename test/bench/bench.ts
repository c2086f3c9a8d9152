import { mkdirSync, mkdtempSync, realpathSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../scripts/install.mjs';
import { onStop } from '../../scripts/support/stopping.ts';
import type { Contender } from './contenders/contender.ts';
import type { Job } from './job.ts';
import { sizeText, smallBytes } from './plan.ts';
import type { BenchPlan } from './plan.ts';
import { findNginx, startObjectServer } from './servers/objectServer.ts';
import type { ObjectServer } from './servers/objectServer.ts';
import { makeCertificates } from './servers/localCa.ts';
import { makeObject } from './servers/testObjects.ts';
import type { ObjectSpec, TestObject } from './servers/testObjects.ts';

/** What every workload has at hand. */
export interface Bench {
  readonly plan: BenchPlan;
  /** Those that are installed, ours first. */
  readonly contenders: readonly Contender[];
  readonly server: ObjectServer;
  readonly caFile: string;
  /** @throws Error for a key that was not made */
  object(key: string): TestObject;
  /** An empty folder for one run. */
  newFolder(): string;
  /** Keeps what a run has left until `removeLeftovers`. */
  leave(remove: () => void): void;
  /**
   * To be called at once before the next run. Memory that has been free for a second is taken back by the host of some
   * virtual machines; writing into it then costs several times as much, and not everybody the same.
   */
  removeLeftovers(): void;
  close(): Promise<void>;
}

/**
 * Makes the objects and starts the server.
 *
 * @param parent folder on the disk that is to be measured
 * @throws Failure where nginx, openssl or room on the disk is missing
 */
export async function openBench(
  parent: string,
  plan: BenchPlan,
  contenders: readonly Contender[],
  specs: readonly ObjectSpec[],
): Promise<Bench> {
  const nginx = findNginx();
  requireSpace(parent, specs, plan.rounds * contenders.length);
  const folder = realpathSync(mkdtempSync(join(parent, 'oss-downloader-bench-')));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  onStop(remove);
  const certificates = await makeCertificates(join(folder, 'certificates'));
  const objects = new Map<string, TestObject>();
  for (const spec of specs) {
    objects.set(spec.key, await makeObject(join(folder, 'objects'), spec));
  }
  const server = await startObjectServer(nginx, folder, [...objects.values()], certificates);
  let folders = 0;
  const leftovers: (() => void)[] = [];
  return {
    plan,
    contenders,
    server,
    caFile: certificates.caFile,
    object: (key) => {
      const object = objects.get(key);
      if (object === undefined) {
        throw new Error(`this object was not made: ${key}`);
      }
      return object;
    },
    newFolder: () => {
      const path = join(folder, `run-${++folders}`);
      mkdirSync(path);
      return path;
    },
    leave: (leftover) => leftovers.push(leftover),
    removeLeftovers: () => leftovers.splice(0).forEach((leftover) => leftover()),
    close: async () => {
      await server.close();
      remove();
    },
  };
}

/**
 * The objects, what the last run has left, a download of all of them, and as much again for those who put parts
 * together from other files.
 * @param keptRuns of so many runs the small files stay, see `newJob`
 */
function requireSpace(parent: string, specs: readonly ObjectSpec[], keptRuns: number): void {
  const bytesOf = (some: readonly ObjectSpec[]): number => some.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const neededBytes = 4 * bytesOf(specs) + keptRuns * bytesOf(specs.filter(({ sizeBytes }) => sizeBytes <= smallBytes));
  const { bavail, bsize } = statfsSync(parent);
  if (bavail * bsize < neededBytes) {
    throw new Failure(
      `${parent} has no room for the benchmark, which needs ${sizeText(neededBytes)}: choose another --folder, or ` +
        `--quick.`,
    );
  }
}

/** Where a job's objects come from. */
export interface JobSource {
  readonly origin: string;
  readonly bucket: string;
}

/**
 * Where more were removed, ext4 looks at each of them again whenever it makes a file in the next minutes, which would
 * be most of what is measured.
 */
const mostRemoved = 1000;

/**
 * A job in a new folder; `cleanUp` removes it with all that came, but thousands of files stay until the end of the
 * benchmark.
 */
export function newJob(
  bench: Bench,
  objects: readonly TestObject[],
  { origin, bucket }: JobSource,
): { readonly job: Job; readonly cleanUp: () => void } {
  const root = bench.newFolder();
  const [folder, stateFolder] = [join(root, 'files'), join(root, 'state')];
  mkdirSync(folder);
  mkdirSync(stateFolder);
  const job: Job = {
    objects: objects.map(({ key, sizeBytes, etag }) => ({
      key,
      sizeBytes,
      etag,
      url: `${origin}/${bucket}/${key}`,
      path: join(folder, key),
    })),
    origin,
    bucket,
    folder,
    stateFolder,
    caFile: bench.caFile,
  };
  return {
    job,
    cleanUp: objects.length > mostRemoved ? () => undefined : () => rmSync(root, { recursive: true, force: true }),
  };
}
