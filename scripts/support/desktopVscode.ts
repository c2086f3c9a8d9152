import { realpathSync } from 'node:fs';
import path from 'node:path';
import { downloadAndUnzipVSCode, SilentReporter } from '@vscode/test-electron';
import { Failure, say, toolsFolder } from '../install.mjs';
import { findProgram } from './programs.ts';

/** A closed network must not hold the tests up. */
const downloadTimeoutMs = 5000;

/**
 * The desktop VS Code to use: the one that VSCODE_EXECUTABLE names, the installed one, or one downloaded for the tests.
 *
 * @returns its executable (not the `code` command line script), undefined where there is none to be had
 * @throws Failure when VSCODE_EXECUTABLE names nothing that runs
 */
export async function findDesktopVscode(): Promise<string | undefined> {
  const named = process.env['VSCODE_EXECUTABLE'];
  if (named !== undefined) {
    const executable = findProgram([path.resolve(named)]);
    if (executable === undefined)
      throw new Failure(`VSCODE_EXECUTABLE names ${named}, which cannot be run: correct it or unset it.`);
    return chosen(executable);
  }
  if (
    process.platform === 'linux' &&
    process.env['DISPLAY'] === undefined &&
    process.env['WAYLAND_DISPLAY'] === undefined
  ) {
    say('No display for a desktop VS Code: using the VS Code server from npm');
    return undefined;
  }
  const installed = findInstalled();
  if (installed !== undefined) return chosen(installed);
  try {
    return chosen(
      await downloadAndUnzipVSCode({
        version: 'stable',
        cachePath: toolsFolder,
        timeout: downloadTimeoutMs,
        reporter: new SilentReporter(),
      }),
    );
  } catch {
    say('No desktop VS Code is installed and none could be downloaded: using the VS Code server from npm');
    return undefined;
  }
}

function chosen(executable: string): string {
  say(`Using the VS Code at ${executable}`);
  return executable;
}

/**
 * `code` in PATH is a script in the `bin` folder of an installation; the executable's place in it differs by system.
 */
function findInstalled(): string | undefined {
  const script = findProgram(process.platform === 'win32' ? ['code.cmd'] : ['code']);
  if (script === undefined) return undefined;
  const bin = path.dirname(realpathSync(script));
  return findProgram(
    ['../code', '../Code.exe', '../../../MacOS/Electron', '../../../MacOS/Code'].map((file) => path.resolve(bin, file)),
  );
}
