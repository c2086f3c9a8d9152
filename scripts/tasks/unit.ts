import { say } from '../install.mjs';
import { runMocha } from '../support/mocha.ts';
import type { TestCounts } from '../support/testCounts.ts';

/** The core's tests, in plain Node: an import of `vscode` below `src/vscode` makes them fail at once. */
export function run(args: readonly string[]): Promise<TestCounts> {
  say('Running the unit tests');
  return runMocha({ name: 'unit', files: 'test/unit/**/*.test.ts', timeoutMs: 10_000 }, args);
}
