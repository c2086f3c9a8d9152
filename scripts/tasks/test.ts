import { Failure, say } from '../install.mjs';
import { addCounts, formatCounts } from '../support/testCounts.ts';
import type { TestCounts } from '../support/testCounts.ts';
import { run as check } from './check.ts';
import { run as e2e } from './e2e.ts';
import { run as engine } from './engine.ts';
import { run as huge } from './huge.ts';
import { run as integration } from './integration.ts';
import { run as lint } from './lint.ts';
import { run as soak } from './soak.ts';
import { run as typecheck } from './typecheck.ts';
import { run as unit } from './unit.ts';

/** Above 4 GiB, where offsets no longer fit 32 bits; only where it is asked for. */
const hugeIfLong = process.env['OSS_LONG_TESTS'] === 'true' ? { huge: () => huge(['--gib', '6']) } : {};
/** Quick ones first: the first red stage ends the run. */
const stages = { typecheck, lint, check, unit, engine, integration, e2e, soak, ...hugeIfLong };

/** Everything that must hold before a change lands. The last line sums all the tests up, also after a red stage. */
export async function run(): Promise<TestCounts> {
  let total: TestCounts = { passed: 0, failed: 0, skipped: 0 };
  try {
    for (const [name, stage] of Object.entries(stages)) {
      const start = performance.now();
      const counts = await stage([]);
      say(
        `${name}: ${counts === undefined ? 'fine' : formatCounts(counts)}, ${((performance.now() - start) / 1000).toFixed(1)} s`,
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
