import path from 'node:path';
import { projectFolder } from '../install.mjs';
import { ensureBrowser } from '../vscodeServer/findBrowser.ts';
import { ensureVscodeServer } from '../vscodeServer/install.ts';
import { findDesktopVscode } from './desktopVscode.ts';

/**
 * For `vscodeExecutablePath` of @vscode/test-electron: a desktop VS Code, else the script that stands in for one.
 * What that needs is installed now, since its own output goes to a file.
 * @throws Failure that names what cannot be had
 */
export async function testExecutable(): Promise<string> {
  const desktop = await findDesktopVscode();
  if (desktop !== undefined) return desktop;
  ensureVscodeServer();
  ensureBrowser();
  return path.join(projectFolder, 'scripts/vscodeExecutable.ts');
}
