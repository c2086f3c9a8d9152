import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { contributions } from './support/ownExtension.ts';

/** Where each setting may be set. `application`: never by a workspace, which could send credentials elsewhere. */
const scopes = {
  'ossDownloader.profiles': 'application',
  'ossDownloader.defaultProfile': 'application',
  'ossDownloader.list.pageSize': 'window',
  'ossDownloader.download.directory': 'machine-overridable',
  'ossDownloader.download.askDestination': 'machine-overridable',
  'ossDownloader.resumeOnStartup': 'machine',
  'ossDownloader.transfer.maxConnections': 'machine',
  'ossDownloader.transfer.concurrentDownloads': 'machine',
  'ossDownloader.transfer.partSize': 'machine',
  'ossDownloader.transfer.retries': 'machine',
  'ossDownloader.transfer.stallTimeout': 'machine',
};

describe('settings', () => {
  it('have the scopes that keep a workspace from what is not its own', () => {
    const properties = contributions().configuration.flatMap((section) => Object.entries(section.properties));
    assert.deepEqual(Object.fromEntries(properties.map(([key, { scope }]) => [key, scope])), scopes);
  });

  it('have their documented defaults', () => {
    const configuration = vscode.workspace.getConfiguration();
    for (const [key, property] of contributions().configuration.flatMap(({ properties }) => Object.entries(properties))) {
      assert.deepEqual(configuration.get(key), property.default, key);
    }
  });

  it('lets no workspace redirect credentials or change how this machine downloads', async () => {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert(folder);
    const settings = {
      'ossDownloader.profiles': [{ name: 'evil', endpoint: 'http://127.0.0.1:1', region: 'cn-hangzhou', credentials: 'environment' }],
      'ossDownloader.defaultProfile': 'evil',
      'ossDownloader.transfer.maxConnections': 1,
      'ossDownloader.list.pageSize': 7,
    };
    const file = vscode.Uri.joinPath(folder.uri, '.vscode/settings.json');
    const changed = new Promise<void>((resolve) => {
      const subscription = vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('ossDownloader.list.pageSize')) {
          subscription.dispose();
          resolve();
        }
      });
    });
    try {
      await vscode.workspace.fs.writeFile(file, Buffer.from(JSON.stringify(settings)));
      await changed;
      const configuration = vscode.workspace.getConfiguration('ossDownloader');
      assert.equal(configuration.get('list.pageSize'), 7);
      assert.deepEqual(configuration.get('profiles'), []);
      assert.equal(configuration.get('defaultProfile'), '');
      assert.equal(configuration.get('transfer.maxConnections'), 16);
    } finally {
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder.uri, '.vscode'), { recursive: true });
    }
  });
});
