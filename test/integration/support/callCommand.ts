import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { waitFor } from '../../../scripts/support/waitFor.ts';

/** Calls a command of the extension by its id without the prefix. Resolves when it has ended. */
export async function callCommand(command: string, ...args: readonly unknown[]): Promise<void> {
  await vscode.commands.executeCommand(`ossDownloader.${command}`, ...args);
}

/** Waits for a file under its final name. */
export function fileArrives(file: string): Promise<boolean> {
  return waitFor(file, () => existsSync(file), { limitMs: 20_000 });
}
