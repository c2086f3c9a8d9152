import { quickStages, runStages } from '../support/stages.ts';
import type { TestCounts } from '../support/testCounts.ts';

/** What must hold before a commit: needs no editor, browser or server program. */
export function run(): Promise<TestCounts> {
  return runStages(quickStages);
}
