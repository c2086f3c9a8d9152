import type { Usage } from '../job.ts';
import { gibibyte } from '../plan.ts';
import type { Figure, Run } from '../results.ts';

const mebibyte = 1024 * 1024;

/** The columns of every workload that moves bytes. */
export const transferFigures: readonly Figure[] = [
  { name: 'seconds', digits: 2 },
  { name: 'MB/s', digits: 0 },
  { name: 'CPU s/GiB', digits: 2 },
  { name: 'peak MiB', digits: 0 },
];

/** @param bytes that were moved */
export function transferRun({ seconds, cpuSeconds, peakBytes }: Usage, bytes: number): Run {
  return {
    seconds: seconds,
    'MB/s': bytes / 1e6 / seconds,
    ...(cpuSeconds === undefined ? {} : { 'CPU s/GiB': cpuSeconds / (bytes / gibibyte) }),
    ...(peakBytes === undefined ? {} : { 'peak MiB': peakBytes / mebibyte }),
  };
}
