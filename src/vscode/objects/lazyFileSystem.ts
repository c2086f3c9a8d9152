import * as vscode from 'vscode';
import { objectScheme } from './objectUri.ts';

export interface ReadOnlyFiles {
  stat(uri: vscode.Uri): Promise<vscode.FileStat>;
  readFile(uri: vscode.Uri): Promise<Uint8Array>;
}

/** Registers the file system of `objectScheme`; its code is loaded with the first file. */
export function registerFileSystem(load: () => ReadOnlyFiles): vscode.Disposable {
  const readOnly = (): never => {
    throw vscode.FileSystemError.NoPermissions(vscode.l10n.t('Objects of OSS are read-only here.'));
  };
  const provider: vscode.FileSystemProvider = {
    // OSS sends no change events; VS Code calls `stat` whenever an editor is shown.
    onDidChangeFile: () => new vscode.Disposable(() => undefined),
    watch: () => new vscode.Disposable(() => undefined),
    stat: (uri) => load().stat(uri),
    readFile: (uri) => load().readFile(uri),
    readDirectory: () => [],
    createDirectory: readOnly,
    writeFile: readOnly,
    delete: readOnly,
    rename: readOnly,
  };
  const isReadonly = new vscode.MarkdownString(vscode.l10n.t('Objects of OSS are read-only here.'));
  return vscode.workspace.registerFileSystemProvider(objectScheme, provider, { isReadonly, isCaseSensitive: true });
}
