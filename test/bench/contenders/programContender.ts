import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from '../../../scripts/support/programs.ts';
import { onStop } from '../../../scripts/support/stopping.ts';
import type { Job, Usage } from '../job.ts';
import { lastOutput } from '../support/lastOutput.ts';
import { childrenCpuSeconds, peakBytesOf } from '../support/processFacts.ts';
import type { Contender, ContenderRun } from './contender.ts';

const peakSampleMs = 20;

/** A downloader with a command line. Its time is from the start of its process to the end of it. */
export interface Program extends Pick<Contender, 'name' | 'proof' | 'connections' | 'abilities'> {
  /** Names in PATH. */
  readonly candidates: readonly string[];
  readonly versionArgs: readonly string[];
  readonly args: (job: Job) => readonly string[];
  readonly env?: (job: Job) => Readonly<Record<string, string>>;
  /** Makes the objects' files of what it left, where it does not itself; does not count. */
  readonly afterwards?: (job: Job) => Promise<void>;
}

export function programContender(program: Program): Contender {
  const { name, proof, connections, abilities } = program;
  return {
    name,
    proof,
    connections,
    abilities,
    isLibrary: false,
    findVersion: () => findVersion(program),
    start: (job, atOnceBefore) => Promise.resolve(start(program, job, atOnceBefore)),
  };
}

async function findVersion({ candidates, versionArgs }: Program): Promise<string | undefined> {
  const executable = findProgram(candidates);
  if (executable === undefined) {
    return undefined;
  }
  const { stdout } = await promisify(execFile)(executable, versionArgs);
  return /\d+(?:\.\d+)+[\w.-]*/.exec(stdout)?.[0] ?? 'unknown version';
}

function start(program: Program, job: Job, atOnceBefore?: () => void): ContenderRun {
  const executable = findProgram(program.candidates);
  if (executable === undefined) {
    throw new Error(`${program.name} is not installed`);
  }
  const args = program.args(job);
  atOnceBefore?.();
  const cpuBefore = childrenCpuSeconds();
  const startedAtMs = Date.now();
  const start = performance.now();
  const child = spawn(executable, args, {
    env: { ...process.env, ...program.env?.(job) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = lastOutput([child.stdout, child.stderr]);
  const ended = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  let peakBytes: number | undefined;
  const sampler = setInterval(() => {
    peakBytes = peakBytesOf(child.pid ?? 0) ?? peakBytes;
  }, peakSampleMs);
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  const release = onStop(kill);
  const finish = async (): Promise<Usage> => {
    try {
      const result = await ended;
      const seconds = (performance.now() - start) / 1000;
      if (result !== 0) {
        throw new Error(`${program.name} ended with ${result}: ${said()}`);
      }
      const cpuAfter = childrenCpuSeconds();
      await program.afterwards?.(job);
      return {
        startedAtMs,
        seconds,
        ...(cpuBefore === undefined || cpuAfter === undefined ? {} : { cpuSeconds: cpuAfter - cpuBefore }),
        ...(peakBytes === undefined ? {} : { peakBytes }),
      };
    } finally {
      clearInterval(sampler);
      release();
    }
  };
  const done = finish();
  done.catch(() => undefined); // who killed it need not ask how it ended
  return { done, kill };
}
