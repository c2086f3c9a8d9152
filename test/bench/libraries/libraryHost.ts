import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, JobObject, Usage } from '../job.ts';
import type { HostEvent, HostOrder, LibraryModule, Prepared } from './hostProtocol.ts';

/**
 * Stands in for an extension host: a process with a main thread, in which a library does a job.
 * `node libraryHost.ts <file of this folder> <job as JSON, without its objects>`, orders over IPC.
 */
const [moduleName = '', jobText = ''] = process.argv.slice(2);
const emptyJob = JSON.parse(jobText) as Job; // the cast: what libraryContender.ts passes
let prepared: Prepared | undefined;

process.on('message', (order: HostOrder) => {
  obey(order).catch((error: unknown) => {
    send({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    process.exit(1);
  });
});
// Who started this process is gone: nobody will ever end it.
process.on('disconnect', () => process.exit(1));

async function obey(order: HostOrder): Promise<void> {
  switch (order.type) {
    case 'prepare':
      prepared = await prepare(order.objects);
      send({ type: 'ready' });
      return;
    case 'go': {
      const usage = await measured();
      process.send?.({ type: 'result', usage } satisfies HostEvent, () => void end());
      return;
    }
    case 'stop':
      await end();
  }
}

async function prepare(objects: readonly JobObject[]): Promise<Prepared> {
  const library = await import(join(import.meta.dirname, `${moduleName}.ts`)) as LibraryModule;
  return library.prepare({ ...emptyJob, objects });
}

async function measured(): Promise<Usage> {
  const watchMs = emptyJob.watchMs ?? 0;
  const idleDelayMs = watchMs === 0 ? undefined : await delayDuring(() => sleep(watchMs));
  const idleBytes = process.memoryUsage.rss();
  const startedAtMs = Date.now();
  const start = performance.now();
  const cpu = process.cpuUsage();
  let busyDelayMs: number | undefined;
  if (watchMs === 0) {
    await prepared?.run();
  } else {
    busyDelayMs = await delayDuring(async () => prepared?.run());
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

async function end(): Promise<void> {
  await prepared?.stop?.();
  process.exit(0);
}

function send(event: HostEvent): void {
  process.send?.(event);
}
