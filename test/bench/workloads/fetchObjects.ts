import { newJob } from '../bench.ts';
import type { Bench, JobSource } from '../bench.ts';
import type { Contender } from '../contenders/contender.ts';
import type { Run } from '../results.ts';
import { requireFile } from '../servers/testObjects.ts';
import type { TestObject } from '../servers/testObjects.ts';
import { transferRun } from './transferFigures.ts';

/** Lets a contender fetch objects and looks at what came. @throws Error where it failed, or a file is wrong */
export async function fetchObjects(
  bench: Bench,
  contender: Contender,
  objects: readonly TestObject[],
  source: JobSource,
): Promise<Run> {
  const { job, cleanUp } = newJob(bench, objects, source);
  try {
    const { done } = await contender.start(job, () => bench.removeLeftovers());
    const usage = await done;
    for (const [index, { path }] of job.objects.entries()) {
      await requireFile(path, objects[index]!);
    }
    return transferRun(
      usage,
      objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    );
  } finally {
    bench.leave(cleanUp);
  }
}
