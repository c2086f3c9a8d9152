import assert from 'node:assert/strict';
import * as vscode from 'vscode';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly configuration: readonly {
      readonly properties: Readonly<Record<string, { readonly scope: string; readonly default: unknown }>>;
    }[];
  };
}

/** The extension under test, as VS Code sees it. */
export function ownExtension(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension('oss-downloader.oss-downloader');
  assert(extension, 'the extension is not there');
  return extension;
}

/** What package.json contributes. */
export function contributions(): Manifest['contributes'] {
  return (ownExtension().packageJSON as Manifest).contributes;
}
