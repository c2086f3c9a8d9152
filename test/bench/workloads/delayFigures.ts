import type { Usage } from '../job.ts';
import type { Figure, Run } from '../results.ts';

/** How late the main thread becomes, before a job and while it runs. */
export const delayFigures: readonly Figure[] = [
  { name: 'p99 idle ms', digits: 2 },
  { name: 'p99 busy ms', digits: 2 },
  { name: 'more ms', digits: 2 },
];

export function delayRun({
  idleDelayMs = Number.NaN,
  busyDelayMs = Number.NaN,
}: Pick<Usage, 'idleDelayMs' | 'busyDelayMs'>): Run {
  return { 'p99 idle ms': idleDelayMs, 'p99 busy ms': busyDelayMs, 'more ms': busyDelayMs - idleDelayMs };
}
