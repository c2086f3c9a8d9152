import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { waitFor } from '../../scripts/support/waitFor.ts';
import { expectedBytes } from '../server/seededObject.ts';
import { startOssServer } from '../server/ossServer.ts';
import type { OssServer } from '../server/ossServer.ts';
import { defaultUser } from '../server/users.ts';

const mebibyte = 1024 ** 2;

describe('commands called with arguments, as other extensions, tasks and key bindings call them', () => {
  let oss: OssServer;
  let folder: string;
  const inFolder = (...names: string[]): string => path.join(folder, ...names);
  const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('ossDownloader');
  const call = async (command: string, ...args: readonly unknown[]): Promise<void> => {
    await vscode.commands.executeCommand(`ossDownloader.${command}`, ...args);
  };
  const exists = (file: string): Promise<boolean> => waitFor(file, () => existsSync(file), { limitMs: 20_000 });

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'oss-downloader-integration-'));
    oss = await startOssServer({ buckets: { docs: {} } });
    oss.store.bucket('docs').put('a/readme.txt', { text: 'read me' });
    oss.store.bucket('docs').put('a/notes.txt', { text: 'notes' });
    oss.store.bucket('docs').put('big.bin', { seed: 5, sizeBytes: 40 * mebibyte });
    process.env['OSS_ACCESS_KEY_ID'] = defaultUser.accessKeyId;
    process.env['OSS_ACCESS_KEY_SECRET'] = defaultUser.accessKeySecret;
    await configuration().update('profiles', [{ name: 'local', endpoint: oss.url, region: 'cn-hangzhou', credentials: 'environment' }], vscode.ConfigurationTarget.Global);
    await configuration().update('download.directory', folder, vscode.ConfigurationTarget.Global);
    await configuration().update('download.askDestination', false, vscode.ConfigurationTarget.Global);
  });

  after(async () => {
    for (const key of ['profiles', 'download.directory', 'download.askDestination']) {
      await configuration().update(key, undefined, vscode.ConfigurationTarget.Global);
    }
    await oss.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('download: an oss:// path', async () => {
    await call('download', 'oss://docs/a/readme.txt');
    await exists(inFolder('readme.txt'));
    assert.equal(readFileSync(inFolder('readme.txt'), 'utf8'), 'read me');
  });

  it('download: objects of a named profile', async () => {
    await call('download', [{ profile: 'local', bucket: 'docs', key: 'a/notes.txt' }]);
    await exists(inFolder('notes.txt'));
  });

  it('downloadHere: a folder and an oss:// path', async () => {
    await call('downloadHere', vscode.Uri.file(inFolder('here')), undefined, 'oss://docs/a/readme.txt');
    await exists(inFolder('here/readme.txt'));
  });

  it('download: nonsense is reported to the user, not thrown at the caller, and nothing is asked of OSS', async () => {
    oss.requests.clear();
    for (const nonsense of ['https://example.com/a', 'oss:///docs', 42, { bucket: 'docs' }]) {
      await call('download', nonsense);
    }
    assert.deepEqual(oss.requests.entries, []);
  });

  it('pauseAll, resumeAll and clearFinished: a download on its way', async () => {
    oss.settings.bytesPerSecond = 2 * mebibyte;
    await call('download', 'oss://docs/big.bin');
    await waitFor('some bytes', () => sent(oss) > 4 * mebibyte, { limitMs: 20_000 });
    await call('pauseAll');
    assert(existsSync(inFolder('big.bin.ossdownload')));
    await waitFor('the connections to end', () => oss.requests.entries.every(({ outcome }) => outcome !== 'open'));
    oss.settings.bytesPerSecond = 0;
    await call('resumeAll');
    await exists(inFolder('big.bin'));
    assert(readFileSync(inFolder('big.bin')).equals(expectedBytes(5, 0, 40 * mebibyte)));
    await call('clearFinished');
  });

  it('exportReport: what became of a folder, as CSV and as JSON by the name of the file', async () => {
    await call('download', 'oss://docs/a/');
    await waitFor('the folder', () => existsSync(inFolder('a', 'notes.txt')) && existsSync(inFolder('a', 'readme.txt')), { limitMs: 20_000 });
    const [csv, json] = [vscode.Uri.file(inFolder('report.csv')), vscode.Uri.file(inFolder('report.json'))];
    const read = (): { readonly batches: readonly { readonly label: string; readonly state: string; readonly done: number }[] } => {
      return JSON.parse(readFileSync(json.fsPath, 'utf8')) as ReturnType<typeof read>;
    };
    const batch = await waitFor('the end of it', async () => {
      await call('exportReport', undefined, undefined, json);
      return read().batches.find(({ label, state }) => label === 'oss://docs/a/' && state === 'finished');
    });
    assert.equal(batch.done, 2);
    await call('exportReport', undefined, undefined, csv);
    assert.match(readFileSync(csv.fsPath, 'utf8'), /^\uFEFFrecord,label,[^]*\r\n"batch","oss:\/\/docs\/a\/",/);
    await call('clearFinished');
  });

  it('limitSpeed: a number of MB per second, and 0 for no limit', async () => {
    await call('limitSpeed', 2.5);
    assert.equal(configuration().get('transfer.bandwidthLimit'), 2.5);
    await call('limitSpeed', 'fast');
    assert.equal(configuration().get('transfer.bandwidthLimit'), 2.5);
    await call('limitSpeed', 0);
    assert.equal(configuration().inspect('transfer.bandwidthLimit')?.globalValue, undefined);
  });

  it('copyPath: a text', async () => {
    await call('copyPath', 'oss://docs/a/readme.txt');
    assert.equal(await vscode.env.clipboard.readText(), 'oss://docs/a/readme.txt');
  });
});

/** Bytes of the big object that the server has sent. */
function sent(oss: OssServer): number {
  return oss.requests.of('docs', 'big.bin', 'GET').reduce((sum, { bodyBytes }) => sum + bodyBytes, 0);
}
