import path from 'node:path';
import { say, toolsFolder } from '../install.mjs';
import { bundleExtension } from '../support/bundle.ts';
import { runMocha } from '../support/mocha.ts';
import type { TestCounts } from '../support/testCounts.ts';
import { ensureBrowser } from '../vscodeServer/findBrowser.ts';
import { ensureVscodeServer } from '../vscodeServer/install.ts';
import { packageExtension } from './package.ts';

/**
 * A person's steps in a real workbench, on the packaged and installed extension.
 *
 * @param args as for mocha: files and `--grep`; `--development` takes the extension from the checkout, unpackaged
 */
export async function run(args: readonly string[]): Promise<TestCounts> {
  ensureVscodeServer();
  ensureBrowser();
  const env = { ...process.env };
  if (args.includes('--development')) {
    delete env['OSS_E2E_VSIX'];
    await bundleExtension(false);
  } else {
    env['OSS_E2E_VSIX'] = await packageExtension(path.join(toolsFolder, 'package'));
  }
  say('Running the end-to-end tests in a browser');
  return runMocha(
    { name: 'e2e', files: 'test/e2e/**/*.test.ts', timeoutMs: 120_000 },
    args.filter((argument) => argument !== '--development'),
    env,
  );
}
