import { oneObject } from './oneObject.ts';
import type { Workload } from './workload.ts';

/** In the order of the report. */
export const workloads: readonly Workload[] = [oneObject];
