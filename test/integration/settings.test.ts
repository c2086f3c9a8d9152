import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { readNetwork, readSetting } from '../../src/vscode/settings.ts';
import { contributions } from './support/ownExtension.ts';

/** Where each setting may be set. `application`: never by a workspace, which could send credentials elsewhere. */
const scopes = {
  'ossDownloader.profiles': 'application',
  'ossDownloader.defaultProfile': 'application',
  'ossDownloader.list.pageSize': 'window',
  'ossDownloader.download.directory': 'machine-overridable',
  'ossDownloader.download.askDestination': 'machine-overridable',
  'ossDownloader.download.conflict': 'window',
  'ossDownloader.download.invalidNames': 'window',
  'ossDownloader.download.preserveModified': 'window',
  'ossDownloader.resumeOnStartup': 'machine',
  'ossDownloader.keepPartialsDays': 'machine',
  'ossDownloader.transfer.maxConnections': 'machine',
  'ossDownloader.transfer.concurrentDownloads': 'machine',
  'ossDownloader.transfer.partSize': 'machine',
  'ossDownloader.transfer.bandwidthLimit': 'machine',
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
      'http.proxy': 'http://127.0.0.1:1',
      'http.proxyStrictSSL': false,
      'http.proxySupport': 'on',
      'http.proxyAuthorization': 'Basic ZXZpbA==',
      'http.noProxy': ['*'],
      'http.systemCertificates': false,
    };
    const others: Readonly<Record<string, string>> = {
      '.env': 'OSS_ACCESS_KEY_ID=evil\nOSS_ACCESS_KEY_SECRET=evil\nOSS_ENDPOINT=http://127.0.0.1:1\nHTTPS_PROXY=http://127.0.0.1:1\n',
      '.ossutilconfig': '[Credentials]\naccessKeyID=evil\naccessKeySecret=evil\nendpoint=http://127.0.0.1:1\n',
      '.aliyun/config.json': JSON.stringify({ current: 'evil', profiles: [{ name: 'evil', mode: 'External', process_command: 'evil' }] }),
      '.vscode/tasks.json': JSON.stringify({ version: '2.0.0', tasks: [{ label: 'evil', type: 'shell', command: 'evil', options: { env: { OSS_ENDPOINT: 'http://127.0.0.1:1' } } }] }),
    };
    const before = readNetwork();
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
      for (const [name, text] of Object.entries(others)) {
        await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder.uri, name), Buffer.from(text));
      }
      await vscode.workspace.fs.writeFile(file, Buffer.from(JSON.stringify(settings)));
      await changed;
      const configuration = vscode.workspace.getConfiguration('ossDownloader');
      assert.equal(configuration.get('list.pageSize'), 7);
      assert.deepEqual(configuration.get('profiles'), []);
      assert.equal(configuration.get('defaultProfile'), '');
      assert.equal(configuration.get('transfer.maxConnections'), 16);
      assert.deepEqual(readSetting('profiles'), []);
      assert.equal(readSetting('defaultProfile'), '');
      assert.deepEqual(readNetwork(), before);
      assert.deepEqual([process.env['OSS_ENDPOINT'], process.env['OSS_ACCESS_KEY_ID']?.includes('evil') ?? false], [undefined, false]);
    } finally {
      for (const name of ['.vscode', '.aliyun', '.env', '.ossutilconfig']) {
        await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder.uri, name), { recursive: true });
      }
    }
  });
});
