import { globSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Failure, projectFolder } from '../install.mjs';
import { runNode } from './child.ts';
import { readReport } from './testCounts.ts';
import type { TestCounts } from './testCounts.ts';

export interface MochaSuite {
  readonly name: string;
  /** Glob of the test files, from the checkout's root. */
  readonly files: string;
  readonly timeoutMs: number;
}

/**
 * Runs a suite in a Node process of its own.
 *
 * @param args from the command line: test files that replace the suite's, and `--grep <text>`
 * @throws Failure when no test ran, or the process failed although every test passed
 */
export async function runMocha(
  suite: MochaSuite,
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
): Promise<TestCounts> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { grep: { type: 'string', default: '' } },
  });
  const files = positionals.length > 0 ? positionals : globSync(suite.files, { cwd: projectFolder }).sort();
  if (files.length === 0) throw new Failure(`No file matches ${suite.files}: the ${suite.name} suite is missing.`);
  const report = reportFile(suite.name);
  const code = await runNode(
    path.join(projectFolder, 'scripts/support/mochaMain.ts'),
    [report, String(suite.timeoutMs), values.grep, ...files.map((file) => path.resolve(projectFolder, file))],
    env,
  );
  const counts = readReport(report, suite.name);
  if (code !== 0 && counts.failed === 0)
    throw new Failure(
      `The ${suite.name} tests passed, but their process failed (exit code ${code}): see its output above.`,
    );
  return counts;
}

/** Where a suite leaves its report; an old one is removed, so that it cannot speak for a run that died. */
export function reportFile(suite: string): string {
  return resultFile(`${suite}.json`);
}

/** A new file in `test-results`, the folder for all that a run leaves behind. */
export function resultFile(name: string): string {
  const file = path.join(projectFolder, 'test-results', name);
  mkdirSync(path.dirname(file), { recursive: true });
  rmSync(file, { force: true });
  return file;
}
