import { spawn } from 'node:child_process';
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import type { FirstFailure } from './bailingMocha.ts';
import type { SourceCopy } from './sourceCopy.ts';

/** Quick ones first: the first failure is enough. */
const patterns = [
  'test/unit/download/**/*.test.ts',
  'test/unit/oss/**/*.test.ts',
  'test/engine/killTable/{durability,lostBytes}.test.ts',
  'test/engine/*.test.ts',
  'test/engine/peers/*.test.ts',
];
/** A mutant that makes the suite hang is caught, too. */
const limitMs = 15 * 60_000;

export function suiteFiles(copy: SourceCopy): readonly string[] {
  return patterns.flatMap((pattern) => globSync(pattern, { cwd: copy.path }).sort());
}

/**
 * Runs tests in a copy of the source, up to the first that fails.
 * @param title runs only tests whose full title holds this
 * @returns `hung` when it had to be ended
 * @throws Error with what it printed, when it died without a report: then nothing was tested
 */
export async function runSuite(copy: SourceCopy, files: readonly string[], title = ''): Promise<FirstFailure | 'hung'> {
  const report = copy.pathOf('report.json');
  rmSync(report, { force: true });
  const child = spawn(process.execPath, [copy.pathOf('test/engine/mutants/bailingMocha.ts'), report, title, ...files], {
    cwd: copy.path,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  let printed = '';
  child.stderr.on('data', (bytes: Buffer) => {
    printed = (printed + bytes.toString()).slice(-4000);
  });
  const signal = await new Promise((resolve) => child.once('exit', (_code, by) => resolve(by)));
  if (signal === 'SIGKILL') {
    return 'hung';
  }
  if (!existsSync(report)) {
    throw new Error(`the tests died in ${copy.path}: ${printed}`);
  }
  return JSON.parse(readFileSync(report, 'utf8')) as FirstFailure;
}
