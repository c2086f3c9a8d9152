import { say } from '../install.mjs';
import { runMocha } from '../support/mocha.ts';
import type { TestCounts } from '../support/testCounts.ts';

/** The download engine against the local OSS server: real sockets, real files, real processes. */
export function run(args: readonly string[]): Promise<TestCounts> {
  say('Running the engine tests');
  return runMocha({ name: 'engine', files: 'test/engine/**/*.test.ts', timeoutMs: 120_000 }, args);
}
