import { Failure } from './install.mjs';
import { isStopping, undoAll } from './support/stopping.ts';
import type { TestCounts } from './support/testCounts.ts';

/** What every file of `tasks/` exports as `run`; tasks that run tests say how many. */
interface Task {
  readonly run: (args: readonly string[]) => Promise<TestCounts | undefined>;
}

const [task = '', ...args] = process.argv.slice(2);
try {
  const { run } = (await import(`./tasks/${task}.ts`)) as Task;
  const counts = await run(args);
  if (counts !== undefined && counts.failed > 0) process.exitCode = 1;
} catch (error) {
  // Told to stop, what is under way fails as it should; the exit code is the signal's then.
  if (isStopping()) await new Promise(() => undefined);
  const message = error instanceof Failure ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${message ?? 'unknown failure'}\n`);
  process.exitCode = 1;
} finally {
  await undoAll();
}
