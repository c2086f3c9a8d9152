import type { Machine } from './machine.ts';
import type { BenchPlan } from './plan.ts';
import type { WorkloadResult } from './results.ts';

/** What `--json` writes. */
export interface BenchReport {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly machine: Machine;
  readonly nginx: string;
  readonly plan: BenchPlan;
  readonly contenders: readonly { readonly name: string; readonly version: string }[];
  /** Names of those that are not installed. */
  readonly absent: readonly string[];
  readonly results: readonly WorkloadResult[];
}
