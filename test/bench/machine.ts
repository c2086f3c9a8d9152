import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';
import { gibibyte } from './plan.ts';

/** Where a benchmark ran. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
  /** Node's own. */
  readonly openssl: string;
  /**
   * Processes that wanted to run, on average over the last minute: more than a few, and the figures are worth little.
   */
  readonly loadBefore: number;
}

export function describeMachine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? arch(),
    cores: all.length,
    memoryGib: totalmem() / gibibyte,
    system: `${type()} ${release()}`,
    node: process.versions.node,
    openssl: process.versions.openssl,
    loadBefore: loadavg()[0] ?? Number.NaN,
  };
}
