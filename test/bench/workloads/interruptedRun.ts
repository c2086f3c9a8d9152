import { waitFor } from '../../../scripts/support/waitFor.ts';
import { newJob } from '../bench.ts';
import type { Bench } from '../bench.ts';
import type { Contender, ContenderRun } from '../contenders/contender.ts';
import type { Job } from '../job.ts';
import type { Run } from '../results.ts';
import type { LoggedRequest } from '../servers/requestLog.ts';
import { requireFile } from '../servers/testObjects.ts';
import type { TestObject } from '../servers/testObjects.ts';
import { bytesOnDisk } from '../support/bytesOnDisk.ts';

const lookEveryMs = 2;
const mebibyte = 1024 * 1024;

export const interruptedFigures = [
  { name: 'on disk MiB', digits: 0 },
  { name: 'fetched again MiB', digits: 1 },
  { name: 'first new byte ms', digits: 0 },
  { name: 'seconds', digits: 2 },
];

/**
 * Interrupts a contender when half of the object stands on disk, and lets it go on in a new process.
 * The first new byte is told by the server: when the first request came that then got a body.
 *
 * @param interrupt ends the first process
 * @param settings  what the job has beside its object
 * @throws Error where it failed, or the file is wrong
 */
export async function interruptedRun(
  bench: Bench,
  contender: Contender,
  object: TestObject,
  interrupt: (run: ContenderRun) => Promise<void>,
  settings: Partial<Job> = {},
): Promise<Run> {
  const { job: plainJob, cleanUp } = newJob(bench, [object], { origin: bench.server.origin, bucket: 'bench' });
  const job: Job = { ...plainJob, ...settings, isCold: true };
  try {
    const first = await contender.start(job);
    await waitFor('half of the object to be on disk', () => bytesOnDisk(job.folder) >= object.sizeBytes / 2, {
      everyMs: lookEveryMs,
      limitMs: 120_000,
    });
    await interrupt(first);
    const onDisk = Math.min(bytesOnDisk(job.folder), object.sizeBytes);
    await bench.server.idle();
    bench.server.clearLog();

    const { startedAtMs, seconds } = await (await contender.start(job)).done;
    await requireFile(job.objects[0]!.path, object);
    await bench.server.idle();
    const requests = bench.server.log().filter(isTransfer);
    const sent = requests.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0);
    const firstRequestMs = Math.min(...requests.map((request) => request.startedAtMs));
    return {
      'on disk MiB': onDisk / mebibyte,
      'fetched again MiB': Math.max(0, sent - (object.sizeBytes - onDisk)) / mebibyte,
      'first new byte ms': Math.max(0, firstRequestMs - startedAtMs),
      seconds,
    };
  } finally {
    cleanUp();
  }
}

function isTransfer({ method, status, bodyBytes }: LoggedRequest): boolean {
  return method === 'GET' && (status === 200 || status === 206) && bodyBytes > 0;
}
