import { Failure, say } from '../install.mjs';
import { run as check } from '../tasks/check.ts';
import { run as lint } from '../tasks/lint.ts';
import { run as typecheck } from '../tasks/typecheck.ts';
import { run as unit } from '../tasks/unit.ts';
import { addCounts, formatCounts } from './testCounts.ts';
import type { TestCounts } from './testCounts.ts';

/** Name and task, in the order in which they run; a task that runs tests says how many. */
export type Stages = Readonly<Record<string, (args: readonly string[]) => Promise<TestCounts | undefined>>>;

/** These need nothing but Node and the npm packages, and run on every system. */
export const quickStages = { typecheck, lint, check, unit } satisfies Stages;

/** Runs the stages until one is red. The last line that it prints sums up all tests, also after a red stage. */
export async function runStages(stages: Stages): Promise<TestCounts> {
  let total: TestCounts = { passed: 0, failed: 0, skipped: 0 };
  try {
    for (const [name, stage] of Object.entries(stages)) {
      const start = performance.now();
      const counts = await stage([]);
      say(
        `${name}: ${counts === undefined ? 'fine' : formatCounts(counts)},` +
          ` ${((performance.now() - start) / 1000).toFixed(1)} s`,
      );
      if (counts === undefined) continue;
      total = addCounts(total, counts);
      if (counts.failed > 0) break;
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    // A stage that could not even count is one failure.
    console.error(error.message);
    total = addCounts(total, { passed: 0, failed: 1, skipped: 0 });
  }
  console.log(formatCounts(total));
  return total;
}
