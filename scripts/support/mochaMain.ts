import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

/** `node mochaMain.ts <report file> <timeout in ms> <grep or empty> <test file>...`: runs mocha, leaves a report. */
const [reportFile = '', timeoutMs = '', grep = '', ...files] = process.argv.slice(2);
const idleLimitMs = 10_000;
const mocha = new Mocha({
  timeout: Number(timeoutMs),
  forbidOnly: process.env['CI'] !== undefined,
  ...(grep === '' ? {} : { grep }),
});
for (const file of files) mocha.addFile(file);
await mocha.loadFilesAsync();
const runner = mocha.run((failures) => {
  writeFileSync(reportFile, JSON.stringify({
    passed: runner.stats?.passes ?? 0,
    failed: failures,
    skipped: runner.stats?.pending ?? 0,
  }));
  // Handles that a failed test left open must not keep the run alive; after a green run they are a fault of their own.
  if (failures > 0) process.exit(1);
  setTimeout(() => {
    console.error(`The tests passed, but something keeps their process alive: ${process.getActiveResourcesInfo().join(', ')}`);
    process.exit(1);
  }, idleLimitMs).unref();
});
