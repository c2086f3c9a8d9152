import { readFileSync } from 'node:fs';
import { Failure } from '../install.mjs';

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function addCounts(a: TestCounts, b: TestCounts): TestCounts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** `3 passed, 0 failed`, and `, 1 skipped` where some were. */
export function formatCounts(counts: TestCounts): string {
  const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
  return `${counts.passed} passed, ${counts.failed} failed${skipped}`;
}

/**
 * Reads the report that a mocha run leaves behind. A run that died early leaves none, whatever its exit code says.
 *
 * @throws Failure when there is no report, or no test in it
 */
export function readReport(file: string, suite: string): TestCounts {
  let counts: TestCounts;
  try {
    counts = JSON.parse(readFileSync(file, 'utf8')) as TestCounts;
  } catch {
    throw new Failure(
      `The ${suite} tests ended without a report: the process that ran them died, see its output above.`,
    );
  }
  if (counts.passed + counts.failed === 0)
    throw new Failure(`The ${suite} suite ran no test: check its file pattern and any --grep.`);
  return counts;
}
