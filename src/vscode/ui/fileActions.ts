import path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../../base/errors.ts';
import { homedir } from 'node:os';
import { offer } from './offer.ts';

/** Opens a downloaded file with the editor that VS Code chooses for it. */
export async function openFile(file: string): Promise<void> {
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
}

/**
 * Shows where a file is: in the explorer where it belongs to the workspace, in the file manager where it does not.
 * On a remote machine there is no file manager: its path is said, to be copied.
 */
export async function revealFile(file: string): Promise<void> {
  const uri = vscode.Uri.file(file);
  if (vscode.workspace.getWorkspaceFolder(uri) !== undefined) {
    await vscode.commands.executeCommand('revealInExplorer', uri);
  } else if (hasFileManager()) {
    await vscode.commands.executeCommand('revealFileInOS', uri);
  } else {
    const folder = vscode.Uri.file(path.dirname(file));
    await offer('information', vscode.l10n.t('The file is outside the open folder: {0}', file), [
      [
        vscode.l10n.t('Open Folder'),
        async () => vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: true }),
      ],
      [vscode.l10n.t('Copy Path'), async () => vscode.env.clipboard.writeText(file)],
    ]);
  }
}

/** In the file manager of this computer; where the file is on another one, as `revealFile`. */
export async function revealInFileManager(file: string): Promise<void> {
  if (hasFileManager()) {
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(file));
  } else {
    await revealFile(file);
  }
}

function hasFileManager(): boolean {
  return vscode.env.remoteName === undefined && vscode.env.uiKind === vscode.UIKind.Desktop;
}

/**
 * The path of a folder or file that a dialog or the explorer gave. @throws AppError `disk/denied` where it is not on
 * this machine's disk
 */
export function pathOnDisk(uri: vscode.Uri): string {
  if (uri.scheme !== 'file') {
    throw new AppError('disk/denied', `downloads go to a folder on disk: ${uri.toString(true)}`, {
      details: { subject: uri.toString(true) },
    });
  }
  return uri.fsPath;
}

/** Where to begin when nothing else is known: the workspace, or the home folder. */
export function fallbackFolder(): string {
  const workspace = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  return workspace?.uri.fsPath ?? homedir();
}
