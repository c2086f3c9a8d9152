import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const extensionId = 'oss-downloader.oss-downloader';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe('the extension', () => {
  it('activates, and every command that it contributes has a handler', async () => {
    const extension = vscode.extensions.getExtension(extensionId);
    assert(extension, `${extensionId} is not there`);
    await extension.activate();
    const contributed = (extension.packageJSON as Manifest).contributes.commands.map(({ command }) => command);
    assert(contributed.length > 0);
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(contributed.filter((command) => !registered.has(command)), []);
  });
});
