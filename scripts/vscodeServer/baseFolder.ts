import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { quietSettings } from './settings.ts';

/**
 * A new folder for one server. In /tmp itself: VS Code's sockets stand in it, and a socket's path may have some 100
 * bytes.
 */
export function makeBaseFolder(): string {
  return mkdtempSync('/tmp/oss-vscode-');
}

/**
 * Makes the folders and the settings, once; what a user changed later stays.
 *
 * @param settings the user's
 * @param machineSettings those of scope `machine` and `machine-overridable`, which a window on a server takes from here
 */
export function prepareFolders(
  baseFolder: string,
  settings: Readonly<Record<string, unknown>>,
  machineSettings: Readonly<Record<string, unknown>> = {},
): void {
  for (const folder of ['home', 'tmp', 'extensions', 'user-data/User', 'user-data/Machine'])
    mkdirSync(path.join(baseFolder, folder), { recursive: true });
  writeFileSync(path.join(baseFolder, 'config.yaml'), 'auth: none\ncert: false\n');
  const settingsFile = path.join(baseFolder, 'user-data/User/settings.json');
  if (existsSync(settingsFile)) return;
  writeFileSync(settingsFile, JSON.stringify({ ...quietSettings, ...settings }, undefined, 2));
  writeFileSync(
    path.join(baseFolder, 'user-data/Machine/settings.json'),
    JSON.stringify(machineSettings, undefined, 2),
  );
}

/** The options that keep all of code-server's files below the base folder. */
export function folderArguments(baseFolder: string): string[] {
  return [
    '--config',
    path.join(baseFolder, 'config.yaml'),
    '--user-data-dir',
    path.join(baseFolder, 'user-data'),
    '--extensions-dir',
    path.join(baseFolder, 'extensions'),
  ];
}

/** The environment less what would steer VS Code, Node or npm, and with every home of files below the base folder. */
export function serverEnvironment(baseFolder: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|npm_|XDG_)|^(NODE_OPTIONS|PORT|PASSWORD)$/i.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    HOME: path.join(baseFolder, 'home'),
    TMPDIR: path.join(baseFolder, 'tmp'),
    // Without it code-server looks for a marketplace on the internet.
    EXTENSIONS_GALLERY: '{}',
    ...more,
  };
}

/** Where the server and its extension hosts write their console, run after run. */
export function logFile(baseFolder: string): string {
  return path.join(baseFolder, 'server.log');
}
