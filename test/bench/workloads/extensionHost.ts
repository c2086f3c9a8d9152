import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { projectFolder, toolsFolder } from '../../../scripts/install.mjs';
import { bundle } from '../../../scripts/support/bundle.ts';
import { resultFile } from '../../../scripts/support/mocha.ts';
import { testExecutable } from '../../../scripts/support/testExecutable.ts';
import { newJob } from '../bench.ts';
import type { Bench } from '../bench.ts';
import type { Contender } from '../contenders/contender.ts';
import type { Job, Usage } from '../job.ts';
import type { HostUsage } from '../libraries/extensionHost.ts';
import { pairedRuns } from '../pairedRuns.ts';
import { gibibyte, sizeText, smallBytes } from '../plan.ts';
import type { BenchPlan } from '../plan.ts';
import { ours, oursInVscode } from '../results.ts';
import type { Run } from '../results.ts';
import { requireFile } from '../servers/testObjects.ts';
import type { ObjectSpec, TestObject } from '../servers/testObjects.ts';
import { delayFigures, delayRun } from './delayFigures.ts';
import { smallSpecs } from './manyObjects.ts';
import { largeObject } from './workload.ts';
import type { Workload } from './workload.ts';

interface Place extends Pick<Contender, 'name' | 'proof'> {
  readonly fetch: (job: Job) => Promise<Usage & Partial<HostUsage>>;
}

export const extensionHost = inExtensionHost(
  'extension-host',
  (plan) => [largeObject(plan)],
  ({ objectBytes }) => sizeText(objectBytes),
);
export const extensionHostSmall = inExtensionHost(
  'extension-host-small',
  smallSpecs,
  ({ smallObjects }) => `${smallObjects} objects of ${sizeText(smallBytes)}`,
);

/** Our engine in a Node process, and in the extension host of a real VS Code. */
function inExtensionHost(
  name: string,
  objectsOf: (plan: BenchPlan) => readonly ObjectSpec[],
  what: (plan: BenchPlan) => string,
): Workload {
  return {
    name,
    objects: objectsOf,
    run: async (bench) => {
      const objects = objectsOf(bench.plan).map(({ key }) => bench.object(key));
      return {
        name,
        title: `In a real extension host: ${what(bench.plan)}`,
        about:
          'Over HTTPS, at full speed, by the engine in a Node process and in an extension host, as a user has it; ' +
          'delays as above. Activation is what VS Code itself measures as it starts: the bundle is read and run, ' +
          'and activate called.',
        figures: [
          { name: 'seconds', digits: 2 },
          { name: 'MB/s', digits: 1 },
          { name: 'CPU s/GiB', digits: 2 },
          ...delayFigures,
          { name: 'activation ms', digits: 1 },
        ],
        compared: 'seconds',
        series: await pairedRuns(await placesOf(bench), bench.plan.rounds, (place) => fetchIn(bench, place, objects)),
      };
    },
  };
}

/** None where ours is not invited. */
async function placesOf({ contenders }: Bench): Promise<readonly Place[]> {
  const engine = contenders.find((contender) => contender.name === ours);
  if (engine === undefined) {
    return [];
  }
  const runner = await vscodeRunner();
  const { proof } = engine;
  return [
    { name: ours, proof, fetch: async (job) => (await engine.start(job)).done },
    { name: oursInVscode, proof, fetch: runner },
  ];
}

async function fetchIn(bench: Bench, place: Place, objects: readonly TestObject[]): Promise<Run> {
  const { job, cleanUp } = newJob(bench, objects, { origin: bench.server.origin, bucket: 'bench' });
  try {
    const usage = await place.fetch({ ...job, watchMs: bench.plan.idleWatchMs });
    const { seconds, cpuSeconds = Number.NaN, activationMs } = usage;
    for (const [index, { path }] of job.objects.entries()) {
      await requireFile(path, objects[index]!);
    }
    const bytes = objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return {
      seconds: seconds,
      'MB/s': bytes / 1e6 / seconds,
      'CPU s/GiB': cpuSeconds / (bytes / gibibyte),
      ...delayRun(usage),
      ...(activationMs === undefined ? {} : { 'activation ms': activationMs }),
    };
  } finally {
    cleanUp();
  }
}

/** @returns runs a job in a fresh VS Code. @throws Failure where there is none */
async function vscodeRunner(): Promise<Place['fetch']> {
  const vscodeExecutablePath = await testExecutable();
  const outdir = join(toolsFolder, 'bench');
  const log = createWriteStream(resultFile('bench-vscode.log'));
  await bundle({
    entryPoints: ['test/bench/libraries/extensionHost.ts'],
    outdir,
    external: ['vscode'],
    // In CommonJS there is none; what reads it is the script that finds the checkout.
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(projectFolder, 'scripts/install.mjs')).href) },
  });
  return async (job) => {
    const [jobFile, resultFile, workspace] = [
      join(job.stateFolder, 'job.json'),
      join(job.stateFolder, 'result.json'),
      join(job.stateFolder, 'workspace'),
    ];
    mkdirSync(workspace);
    writeFileSync(jobFile, JSON.stringify(job));
    await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: projectFolder,
      extensionTestsPath: join(outdir, 'extensionHost.cjs'),
      launchArgs: ['--disable-workspace-trust', workspace],
      extensionTestsEnv: { OSS_BENCH_JOB: jobFile, OSS_BENCH_RESULT: resultFile },
      stdout: log,
      stderr: log,
    });
    return JSON.parse(readFileSync(resultFile, 'utf8')) as HostUsage; // the cast: what libraries/extensionHost.ts wrote
  };
}
