import { accessSync, constants, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Failure, say } from '../../scripts/install.mjs';
import { undoAll } from '../../scripts/support/stopping.ts';
import { openBench } from './bench.ts';
import type { Contender } from './contenders/contender.ts';
import { contenders } from './contenders/contenders.ts';
import { describeMachine } from './machine.ts';
import { toMarkdown } from './markdown.ts';
import { fullPlan, quickPlan } from './plan.ts';
import type { BenchReport } from './report.ts';
import { ours } from './results.ts';
import type { WorkloadResult } from './results.ts';
import { workloads } from './workloads/workloads.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    only: { type: 'string' },
    with: { type: 'string' },
    profile: { type: 'string' },
    rounds: { type: 'string' },
    folder: { type: 'string', default: tmpdir() },
  },
});

try {
  await main();
} catch (error) {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${error instanceof Failure ? error.message : text}\n`);
  process.exitCode = 1;
} finally {
  await undoAll();
}

async function main(): Promise<void> {
  requireFolder('--folder', values.folder);
  if (values.json !== undefined) {
    requireFolder('--json', dirname(resolve(values.json)));
  }
  const sizes = values.quick ? quickPlan : fullPlan;
  const plan = { ...sizes, rounds: wholeNumber(values.rounds) ?? sizes.rounds };
  const chosen = choose('workload', workloads, values.only);
  const invited = choose('contender', contenders, values.with);
  if (values.profile !== undefined) {
    requireFolder('--profile', values.profile);
    // for the children only: this process has begun
    process.env['NODE_OPTIONS'] = `--cpu-prof --cpu-prof-dir=${resolve(values.profile)}`;
  }
  const startedAt = new Date().toISOString();
  const machine = describeMachine();
  const present: { readonly contender: Contender; readonly version: string }[] = [];
  const absent: string[] = [];
  for (const contender of invited) {
    const version = await contender.findVersion();
    if (version === undefined) {
      absent.push(contender.name);
    } else {
      present.push({ contender, version });
    }
  }
  say('Making the objects');
  // workloads share objects
  const specs = new Map(chosen.flatMap(({ objects }) => objects(plan)).map((spec) => [spec.key, spec]));
  const bench = await openBench(
    values.folder,
    plan,
    present.map(({ contender }) => contender),
    [...specs.values()],
  );
  const results: WorkloadResult[] = [];
  try {
    for (const workload of chosen) {
      say(`Measuring ${workload.name}`);
      results.push(await workload.run(bench));
    }
  } finally {
    await bench.close();
  }
  const report: BenchReport = {
    startedAt,
    machine,
    nginx: bench.server.version,
    plan,
    contenders: present.map(({ contender, version }) => ({ name: contender.name, version })),
    absent,
    results,
  };
  process.stdout.write(`\n${toMarkdown(report)}`);
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
  }
  if (
    results.some(({ series }) => series.some(({ contender, failure }) => contender === ours && failure !== undefined))
  ) {
    process.exitCode = 1;
  }
}

/** Said before the work, not after it. */
function requireFolder(option: string, folder: string): void {
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new Failure(`${option} needs a folder that is there and can be written to: ${folder}`);
  }
}

function choose<Named extends { readonly name: string }>(
  what: string,
  all: readonly Named[],
  wanted: string | undefined,
): readonly Named[] {
  if (wanted === undefined) {
    return all;
  }
  const names = wanted.split(',');
  const unknown = names.filter((name) => !all.some((one) => one.name === name));
  if (unknown.length > 0) {
    throw new Failure(
      `There is no ${what} ${unknown.join(', ')}: choose ` +
        `among ${all.map(({ name }) => JSON.stringify(name)).join(', ')}.`,
    );
  }
  return all.filter(({ name }) => names.includes(name));
}

function wholeNumber(text: string | undefined): number | undefined {
  if (text !== undefined && !/^[1-9]\d*$/.test(text)) {
    throw new Failure(`--rounds must be a whole number from 1 on, not ${JSON.stringify(text)}.`);
  }
  return text === undefined ? undefined : Number(text);
}
