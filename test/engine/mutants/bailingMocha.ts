import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** What a run that stops at its first failure has to tell. */
export interface FirstFailure {
  readonly passed: number;
  /** Absent where all passed. */
  readonly failure?: { readonly file: string; readonly title: string; readonly message: string };
}

/** `node bailingMocha.ts <report file> <grep, or empty> <test file>...`: mocha up to the first test that fails. */
const [reportFile = '', title = '', ...files] = process.argv.slice(2);
const mocha = new Mocha({ timeout: 60_000, bail: true, reporter: 'min', ...(title === '' ? {} : { fgrep: title }) });
files.forEach((file) => mocha.addFile(file));
await mocha.loadFilesAsync();
let failure: FirstFailure['failure'];
const runner = mocha.run(() => {
  writeFileSync(
    reportFile,
    JSON.stringify({
      passed: runner.stats?.passes ?? 0,
      ...(failure === undefined ? {} : { failure }),
    } satisfies FirstFailure),
  );
  process.exit(0);
});
runner.on('fail', (test, error: Error) => {
  failure ??= { file: test.file ?? '', title: test.fullTitle(), message: error.message };
});
