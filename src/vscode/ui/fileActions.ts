import path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../../base/errors.ts';
import { homedir } from 'node:os';
import { offer } from './offer.ts';

/** Opens a downloaded file in VS Code's default editor for it. */
export async function openFile(file: string): Promise<void> {
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
}

/**
 * Reveals a file in the explorer if it is in the workspace, else in the file manager. A remote machine has no file
 * manager: a message shows the path and offers to copy it.
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

/** Reveals a local file in the file manager; a remote one as `revealFile`. */
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
 * The path of a URI from a dialog or the explorer. @throws AppError `disk/denied` if it is not on this machine's disk
 */
export function pathOnDisk(uri: vscode.Uri): string {
  if (uri.scheme !== 'file') {
    throw new AppError('disk/denied', `downloads go to a folder on disk: ${uri.toString(true)}`, {
      details: { subject: uri.toString(true) },
    });
  }
  return uri.fsPath;
}

/** Initial folder of a dialog: the workspace, or the home folder. */
export function fallbackFolder(): string {
  const workspace = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  return workspace?.uri.fsPath ?? homedir();
}
