import { appendFileSync, globSync } from 'node:fs';
import { format } from 'node:util';
import { reporters } from 'mocha';
import { runMochaHere } from '../../scripts/support/mochaRun.ts';

/**
 * VS Code calls this in the extension host; rejecting tells it that the run failed. The bundled tests stand beside this
 * file's bundle.
 */
export async function run(): Promise<void> {
  // The console of an extension host comes out mixed with what VS Code logs.
  const outputFile = process.env['OSS_TEST_OUTPUT'] ?? '';
  reporters.Base.consoleLog = (...args: unknown[]) => appendFileSync(outputFile, `${format(...args)}\n`);
  const failed = await runMochaHere({
    files: globSync('**/*.test.cjs', { cwd: __dirname })
      .sort()
      .map((file) => `${__dirname}/${file}`),
    timeoutMs: 30_000,
    grep: process.env['OSS_TEST_GREP'] ?? '',
    reportFile: process.env['OSS_TEST_REPORT'] ?? '',
  });
  if (failed > 0) throw new Error(`${failed} failed`);
}
