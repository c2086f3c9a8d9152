import { say } from '../install.mjs';
import { runNode } from '../support/child.ts';
import type { TestCounts } from '../support/testCounts.ts';

/** @param args `--minutes N`, `--seed N`; without minutes one, or ten where OSS_LONG_TESTS is `true`, as a part of `npm test` */
export async function run(args: readonly string[]): Promise<TestCounts> {
  say('Soaking the engine in faults');
  const minutes = process.env['OSS_LONG_TESTS'] === 'true' ? '10' : '1';
  const code = await runNode('test/engine/soak/main.ts', ['--minutes', minutes, ...args]);
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}
