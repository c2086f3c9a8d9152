import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, Usage } from '../job.ts';

/**
 * Runs a job in this process and tells what it took; with `watchMs` also how late the main thread becomes, before and
 * while.
 */
export async function measured({ watchMs = 0 }: Pick<Job, 'watchMs'>, run: () => Promise<void>): Promise<Usage> {
  const idleDelayMs = watchMs === 0 ? undefined : await delayDuring(() => sleep(watchMs));
  const idleBytes = process.memoryUsage.rss();
  const startedAtMs = Date.now();
  const start = performance.now();
  const cpu = process.cpuUsage();
  let busyDelayMs: number | undefined;
  if (watchMs === 0) {
    await run();
  } else {
    busyDelayMs = await delayDuring(run);
  }
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    startedAtMs,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    idleBytes,
    ...(idleDelayMs === undefined || busyDelayMs === undefined ? {} : { idleDelayMs, busyDelayMs }),
  };
}

/** 99th percentile of how late a timer of 1 ms comes, in milliseconds. */
async function delayDuring(act: () => Promise<void>): Promise<number> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  await act();
  delays.disable();
  return delays.percentile(99) / 1e6;
}
