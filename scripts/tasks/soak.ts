import { say } from '../install.mjs';
import { runNode } from '../support/child.ts';
import { soakMinutes } from '../support/soakMinutes.ts';
import type { TestCounts } from '../support/testCounts.ts';

/** @param args `--minutes N`, `--seed N`; without minutes as many as `npm test` soaks for */
export async function run(args: readonly string[]): Promise<TestCounts> {
  const minutes = soakMinutes(process.env, Date.now());
  say(`Soaking the engine in faults${args.includes('--minutes') ? '' : `, minutes: ${minutes}`}`);
  const code = await runNode('test/engine/soak/main.ts', ['--minutes', String(minutes), ...args]);
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}
