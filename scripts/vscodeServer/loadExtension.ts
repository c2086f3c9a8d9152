import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { Failure } from '../install.mjs';
import { folderArguments, serverEnvironment } from './baseFolder.ts';
import { ensureVscodeServer } from './install.ts';

/** Installs a .vsix for the servers that will run on `baseFolder`, as a user would. @throws Failure */
export async function installPackage(baseFolder: string, vsix: string): Promise<void> {
  const { node, entry } = ensureVscodeServer();
  try {
    await promisify(execFile)(node, [entry, ...folderArguments(baseFolder), '--install-extension', vsix, '--force'], {
      env: serverEnvironment(baseFolder),
      timeout: 120_000,
    });
  } catch (error) {
    throw new Failure(
      `${vsix} could not be installed in the VS Code server: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/**
 * Makes every VS Code that the page loads run the extension from its folder. VS Code has a URL query for that too, but
 * it works only together with a test driver that switches notifications off.
 */
export async function loadFromFolder(page: Page, port: number, folder: string): Promise<void> {
  const extension = { $mid: 1, scheme: 'vscode-remote', authority: `127.0.0.1:${port}`, path: folder };
  // The configuration stands in the page's HTML, and the workbench reads it only after the HTML is parsed.
  await page.addInitScript(`
    new MutationObserver((_, observer) => {
      const meta = document.getElementById('vscode-workbench-web-configuration');
      if (meta === null) return;
      observer.disconnect();
      const settings = JSON.parse(meta.dataset.settings);
      settings.developmentOptions = { ...settings.developmentOptions, extensions: [${JSON.stringify(extension)}] };
      meta.dataset.settings = JSON.stringify(settings);
    }).observe(document, { childList: true, subtree: true });
  `);
}
