import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { waitFor } from '../../scripts/support/waitFor.ts';
import { startOssServer } from '../server/ossServer.ts';
import type { OssServer } from '../server/ossServer.ts';
import { defaultUser } from '../server/users.ts';

const dayMs = 86_400_000;

describe('URLs, versions and archived objects, by commands with arguments', () => {
  let oss: OssServer;
  let folder: string;
  const inFolder = (name: string): string => path.join(folder, name);
  const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('ossDownloader');
  const call = async (command: string, ...args: readonly unknown[]): Promise<void> => {
    await vscode.commands.executeCommand(`ossDownloader.${command}`, ...args);
  };
  const exists = (file: string): Promise<boolean> => waitFor(file, () => existsSync(file), { limitMs: 20_000 });
  const copied = async (command: string, ...args: readonly unknown[]): Promise<string> => {
    await call(command, ...args);
    return vscode.env.clipboard.readText();
  };

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'oss-downloader-integration-'));
    oss = await startOssServer({ buckets: { docs: {}, versions: { versioning: 'Enabled' }, cold: { storageClass: 'Archive' } } });
    oss.store.bucket('docs').put('a/报告 1.txt', { text: 'report' });
    oss.store.bucket('docs').put('a/late.txt', { text: 'late' });
    oss.store.bucket('cold').put('frozen.txt', { text: 'frozen' });
    process.env['OSS_ACCESS_KEY_ID'] = defaultUser.accessKeyId;
    process.env['OSS_ACCESS_KEY_SECRET'] = defaultUser.accessKeySecret;
    await configuration().update('profiles', [{ name: 'local', endpoint: oss.url, region: 'cn-hangzhou', credentials: 'environment' }], vscode.ConfigurationTarget.Global);
    await configuration().update('download.directory', folder, vscode.ConfigurationTarget.Global);
    await configuration().update('download.askDestination', false, vscode.ConfigurationTarget.Global);
  });

  after(async () => {
    await call('clearFinished');
    for (const key of ['profiles', 'download.directory', 'download.askDestination']) {
      await configuration().update(key, undefined, vscode.ConfigurationTarget.Global);
    }
    await oss.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('copyUrl: the plain URL of an object', async () => {
    assert.equal(await copied('copyUrl', 'oss://docs/a/late.txt'), `${oss.url}/docs/a/late.txt`);
  });

  it('copySignedUrl and downloadFromUrl: a signed URL is good for a download by whoever has it', async () => {
    const url = await copied('copySignedUrl', 'oss://docs/a/报告 1.txt', undefined, 600);
    assert.match(url, /x-oss-expires=600&.*x-oss-signature=/);
    await call('downloadFromUrl', url);
    await exists(inFolder('报告 1.txt'));
    assert.equal(readFileSync(inFolder('报告 1.txt'), 'utf8'), 'report');
  });

  it('enterNewUrl: one that has expired waits, and goes on with another', async () => {
    const url = await copied('copySignedUrl', 'oss://docs/a/late.txt', undefined, 600);
    oss.settings.clockOffsetMs = dayMs;
    oss.requests.clear();
    await call('downloadFromUrl', url);
    await waitFor('the URL to be refused', () => oss.requests.of('docs', 'a/late.txt', 'GET').some(({ status }) => status === 403));
    oss.settings.clockOffsetMs = 0;
    await call('enterNewUrl', undefined, undefined, await copied('copySignedUrl', 'oss://docs/a/late.txt', undefined, 900));
    await exists(inFolder('late.txt'));
    assert.equal(readFileSync(inFolder('late.txt'), 'utf8'), 'late');
  });

  it('downloadFromUrl: nonsense is reported to the user, and nothing is asked of any server', async () => {
    oss.requests.clear();
    for (const nonsense of ['hello', 'oss://docs/a/late.txt', 'ftp://127.0.0.1/x', `${oss.url.replace('://', '://user:secret@')}/docs/a`]) {
      await call('downloadFromUrl', nonsense);
    }
    assert.deepEqual(oss.requests.entries, []);
  });

  it('download: one version of an object', async () => {
    const store = oss.store.bucket('versions');
    const { versionId } = store.put('k.txt', { text: 'first' });
    store.put('k.txt', { text: 'second' });
    await call('download', { profile: 'local', bucket: 'versions', key: 'k.txt', versionId });
    await exists(inFolder('k.txt'));
    assert.equal(readFileSync(inFolder('k.txt'), 'utf8'), 'first');
  });

  it('restoreAndDownload: waits for the restore and begins by itself', async () => {
    oss.requests.clear();
    await call('restoreAndDownload', { profile: 'local', bucket: 'cold', key: 'frozen.txt' }, undefined, 1);
    await waitFor('the download to be refused once', () => oss.requests.of('cold', 'frozen.txt', 'GET').some(({ status }) => status === 403));
    assert.equal(existsSync(inFolder('frozen.txt')), false);
    oss.settings.clockOffsetMs = 2 * 60_000;
    await waitFor('the file', () => existsSync(inFolder('frozen.txt')), { limitMs: 50_000 });
    assert.equal(readFileSync(inFolder('frozen.txt'), 'utf8'), 'frozen');
    oss.settings.clockOffsetMs = 0;
  });
});
