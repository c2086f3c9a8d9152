import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { contributions } from './support/ownExtension.ts';

/** Where each setting may be set. `application`: never by a workspace, which could send credentials elsewhere. */
const scopes = {
  'ossDownloader.profiles': 'application',
  'ossDownloader.defaultProfile': 'application',
  'ossDownloader.list.pageSize': 'window',
  'ossDownloader.network.caFile': 'machine',
  'ossDownloader.preview.maxSize': 'window',
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
    for (const [key, property] of contributions().configuration.flatMap(({ properties }) =>
      Object.entries(properties),
    )) {
      assert.deepEqual(configuration.get(key), property.default, key);
    }
  });
});
