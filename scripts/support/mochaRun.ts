import { writeFileSync } from 'node:fs';
import inspector from 'node:inspector';
import Mocha from 'mocha';

export interface MochaRun {
  readonly files: readonly string[];
  readonly timeoutMs: number;
  /** Runs only tests whose title holds this; empty for all. */
  readonly grep: string;
  /** Gets the counts as JSON at the end. Its absence tells that the process died. */
  readonly reportFile: string;
}

/** Runs mocha in this process: a plain Node, or an extension host. @returns the number of failed tests */
export async function runMochaHere(run: MochaRun): Promise<number> {
  const mocha = new Mocha({
    // 0 is no limit: a breakpoint must not fail the test that it stops.
    timeout: inspector.url() === undefined ? run.timeoutMs : 0,
    forbidOnly: process.env['CI'] !== undefined,
    ...(run.grep === '' ? {} : { grep: run.grep }),
  });
  for (const file of run.files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  return new Promise((resolve) => {
    const runner = mocha.run((failed) => {
      writeFileSync(
        run.reportFile,
        JSON.stringify({ passed: runner.stats?.passes ?? 0, failed, skipped: runner.stats?.pending ?? 0 }),
      );
      resolve(failed);
    });
  });
}
