import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { BrowserContext } from 'playwright-core';
import { ensureBrowser } from './findBrowser.ts';

/** No sandbox, since tests may run as root; no host but this machine's, so that a test depends on nothing else. */
const browserArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/**
 * A headless browser whose profile is kept in the base folder: VS Code's secrets and global state live in it.
 * The caller closes it, in a `finally`.
 */
export async function launchBrowser(baseFolder: string): Promise<BrowserContext> {
  const home = path.join(baseFolder, 'home');
  mkdirSync(home, { recursive: true });
  return chromium.launchPersistentContext(path.join(baseFolder, 'browser'), {
    executablePath: ensureBrowser(),
    headless: true,
    args: browserArguments,
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
    env: { ...process.env, HOME: home },
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}
