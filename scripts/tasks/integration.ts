import { createWriteStream, existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { Failure, projectFolder, say, toolsFolder } from '../install.mjs';
import { bundle, bundleExtension } from '../support/bundle.ts';
import { reportFile, resultFile } from '../support/mocha.ts';
import { readReport } from '../support/testCounts.ts';
import type { TestCounts } from '../support/testCounts.ts';
import { testExecutable } from '../support/testExecutable.ts';

/**
 * Mocha inside the extension host of a real VS Code. @param args `--grep <text>`, and `--no-build` when `dist` is fresh
 */
export async function run(args: readonly string[]): Promise<TestCounts> {
  const { values } = parseArgs({
    args: [...args],
    options: { grep: { type: 'string', default: '' }, 'no-build': { type: 'boolean', default: false } },
  });
  say('Running the integration tests in an extension host');
  if (!values['no-build']) await bundleExtension(false);
  const testsFolder = await bundleTests();
  const report = reportFile('integration');
  const vscodeExecutablePath = await testExecutable();
  const output = resultFile('integration.txt');
  const workspace = path.join(toolsFolder, 'integration-workspace');
  rmSync(workspace, { recursive: true, force: true });
  mkdirSync(workspace);
  const vscodeLog = createWriteStream(resultFile('integration-vscode.log'));
  let failure: Error | undefined;
  try {
    await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: projectFolder,
      extensionTestsPath: path.join(testsFolder, 'run.cjs'),
      launchArgs: ['--disable-workspace-trust', workspace],
      extensionTestsEnv: { OSS_TEST_REPORT: report, OSS_TEST_OUTPUT: output, OSS_TEST_GREP: values.grep },
      stdout: vscodeLog,
      stderr: vscodeLog,
    });
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
  }
  if (existsSync(output)) process.stdout.write(readFileSync(output));
  if (!existsSync(report))
    throw new Failure(
      'The integration tests ended without a report: VS Code or its extension host died, see ' +
        'test-results/integration-vscode.log.',
    );
  const counts = readReport(report, 'integration');
  if (failure !== undefined && counts.failed === 0)
    throw new Failure(
      `The integration tests passed, but VS Code failed (${failure.message}): see test-results/integration-vscode.log.`,
    );
  return counts;
}

/** The extension host loads CommonJS only when it looks for tests, so they are bundled as the extension is. */
async function bundleTests(): Promise<string> {
  const outdir = path.join(toolsFolder, 'integration');
  rmSync(outdir, { recursive: true, force: true });
  await bundle({
    entryPoints: ['test/integration/run.ts', ...globSync('test/integration/**/*.test.ts', { cwd: projectFolder })],
    outbase: 'test/integration',
    outdir,
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
  });
  return outdir;
}
