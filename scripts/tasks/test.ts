import { quickStages, runStages } from '../support/stages.ts';
import type { TestCounts } from '../support/testCounts.ts';
import { run as e2e } from './e2e.ts';
import { run as engine } from './engine.ts';
import { run as huge } from './huge.ts';
import { run as integration } from './integration.ts';
import { run as soak } from './soak.ts';

/** Above 4 GiB, where offsets no longer fit 32 bits; only where it is asked for. */
const hugeIfLong = process.env['OSS_LONG_TESTS'] === 'true' ? { huge: () => huge(['--gib', '6']) } : {};

/** Everything that must hold before a change lands, quick stages first. */
export function run(): Promise<TestCounts> {
  return runStages({ ...quickStages, engine, integration, e2e, soak, ...hugeIfLong });
}
