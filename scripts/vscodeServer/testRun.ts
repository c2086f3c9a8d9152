import { rmSync } from 'node:fs';
import path from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { onStop } from '../support/stopping.ts';
import { makeBaseFolder } from './baseFolder.ts';
import { launchBrowser } from './browser.ts';
import { startServer } from './server.ts';
import type { RunningServer } from './server.ts';

export interface TestRun {
  readonly extensionDevelopmentPath: string;
  readonly extensionTestsPath: string;
  /** The folder to open, where one is asked for. */
  readonly workspace?: string;
}

/** A run that takes longer has hung. */
const runLimitMs = 10 * 60_000;

/**
 * Runs `extensionTestsPath` in the extension host of a fresh server. @returns the exit code that VS Code reports, 1
 * when the host died
 */
export async function runInExtensionHost(run: TestRun): Promise<number> {
  const baseFolder = makeBaseFolder();
  let server: RunningServer | undefined;
  let browser: BrowserContext | undefined;
  const end = async (): Promise<void> => {
    await browser?.close();
    await server?.stop();
    rmSync(baseFolder, { recursive: true, force: true });
  };
  const release = onStop(end);
  try {
    server = await startServer({ baseFolder, args: ['--vscode-option', 'enable-smoke-test-driver'] });
    browser = await launchBrowser(baseFolder);
    const code = await openAndWait(server, browser, run);
    const [crash] = server.hostCrashes();
    if (crash === undefined) return code;
    console.error(`The extension host died: ${crash}`);
    return 1;
  } finally {
    release();
    await end();
  }
}

/** VS Code in the page tells the end of the run by `codeAutomationExit`; a host or page that dies tells nothing. */
async function openAndWait(server: RunningServer, browser: BrowserContext, run: TestRun): Promise<number> {
  const page = browser.pages()[0] ?? (await browser.newPage());
  await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => console.log(...args));
  let watch: NodeJS.Timeout | undefined;
  let limit: NodeJS.Timeout | undefined;
  try {
    return await new Promise<number>((resolve, reject) => {
      page.on('crash', () => reject(new Error('The page of VS Code crashed.')));
      page.on('close', () => reject(new Error('The page of VS Code was closed.')));
      watch = setInterval(() => {
        if (server.hostCrashes().length > 0) resolve(1);
      }, 500);
      limit = setTimeout(
        () => reject(new Error(`The tests did not end within ${runLimitMs / 60_000} minutes.`)),
        runLimitMs,
      );
      page
        .exposeFunction('codeAutomationExit', resolve)
        .then(() => page.goto(workbenchUrl(server, run)))
        .catch(reject);
    });
  } finally {
    clearInterval(watch);
    clearTimeout(limit);
  }
}

function workbenchUrl(server: RunningServer, run: TestRun): string {
  const remote = (file: string): string => `vscode-remote://127.0.0.1:${server.port}${path.resolve(file)}`;
  const payload = [
    ['extensionDevelopmentPath', remote(run.extensionDevelopmentPath)],
    ['extensionTestsPath', remote(run.extensionTestsPath)],
    ['skipWelcome', 'true'],
  ];
  const url = new URL(server.origin);
  if (run.workspace !== undefined) url.searchParams.set('folder', path.resolve(run.workspace));
  url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}
