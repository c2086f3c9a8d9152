import { join } from 'node:path';
import type { Job, JobObject } from '../job.ts';
import type { HostEvent, HostOrder, LibraryModule, Prepared } from './hostProtocol.ts';
import { measured } from './measured.ts';

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
      const usage = await measured(emptyJob, () => prepared?.run() ?? Promise.resolve());
      process.send?.({ type: 'result', usage } satisfies HostEvent, () => void end());
      return;
    }
    case 'stop':
      await end();
  }
}

async function prepare(objects: readonly JobObject[]): Promise<Prepared> {
  const library = (await import(join(import.meta.dirname, `${moduleName}.ts`))) as LibraryModule;
  return library.prepare({ ...emptyJob, objects });
}

async function end(): Promise<void> {
  await prepared?.stop?.();
  process.exit(0);
}

function send(event: HostEvent): void {
  process.send?.(event);
}
