#!/usr/bin/env node
/**
 * Stands in for the VS Code executable where @vscode/test-electron starts one: takes its arguments, runs the tests in
 * the VS Code server from npm with a headless browser, exits 0 when all passed. Profile folders are not taken over:
 * every run has fresh ones.
 */
import { parseArgs } from 'node:util';
import { Failure } from './install.mjs';
import { runInExtensionHost } from './vscodeServer/testRun.ts';

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: { extensionDevelopmentPath: { type: 'string' }, extensionTestsPath: { type: 'string' } },
});
const { extensionDevelopmentPath, extensionTestsPath } = values;
const [workspace] = positionals;
try {
  if (typeof extensionDevelopmentPath !== 'string' || typeof extensionTestsPath !== 'string') {
    throw new Failure('Both --extensionDevelopmentPath=… and --extensionTestsPath=… are needed.');
  }
  process.exitCode = await runInExtensionHost({
    extensionDevelopmentPath,
    extensionTestsPath,
    ...(workspace === undefined ? {} : { workspace }),
  });
} catch (error) {
  console.error(error instanceof Failure ? error.message : error);
  process.exitCode = 1;
}
