import type { Bench } from '../bench.ts';
import type { BenchPlan } from '../plan.ts';
import type { WorkloadResult } from '../results.ts';
import type { ObjectSpec } from '../servers/testObjects.ts';

/** One thing to measure. */
export interface Workload {
  /** For `--only`. */
  readonly name: string;
  /** What must stand on the server. */
  readonly objects: (plan: BenchPlan) => readonly ObjectSpec[];
  readonly run: (bench: Bench) => Promise<WorkloadResult>;
}

/** The object of all workloads with one large object. */
export function largeObject({ objectBytes }: BenchPlan): ObjectSpec {
  return { key: 'large.bin', sizeBytes: objectBytes, seed: 1 };
}
