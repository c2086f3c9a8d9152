import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { waitFor } from '../../scripts/support/waitFor.ts';
import { readNetwork, readSetting } from '../../src/vscode/settings.ts';
import { startOssServer } from '../server/ossServer.ts';
import type { OssServer } from '../server/ossServer.ts';
import { defaultUser } from '../server/users.ts';
import { contributions } from './support/ownExtension.ts';

const proxyVariables = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'];
const keyVariables = { OSS_ACCESS_KEY_ID: defaultUser.accessKeyId, OSS_ACCESS_KEY_SECRET: defaultUser.accessKeySecret };

/** The tests run without workspace trust, as in a folder that the user has trusted: what is held here, holds in each. */
describe('a hostile workspace', function () {
  this.timeout(120_000);
  let oss: OssServer;
  /** Where a request would come that was redirected. */
  let evil: Server;
  let evilConnections: number;
  let evilOrigin: string;
  let ownOrigin: string;
  let userFolder: string;
  let root: vscode.Uri;
  let environment: Readonly<Record<string, string | undefined>>;
  let number = 0;
  const own = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('ossDownloader');
  const call = async (command: string, ...args: readonly unknown[]): Promise<void> => {
    await vscode.commands.executeCommand(`ossDownloader.${command}`, ...args);
  };
  const write = async (name: string, text: string): Promise<void> => vscode.workspace.fs.writeFile(vscode.Uri.joinPath(root, name), Buffer.from(text));
  const userValues = (): unknown => [readNetwork(), ...(['profiles', 'defaultProfile', 'network.caFile'] as const).map((key) => readSetting(key))];

  before(async () => {
    environment = Object.fromEntries([...proxyVariables, ...Object.keys(keyVariables)].map((name) => [name, process.env[name]]));
    proxyVariables.forEach((name) => Reflect.deleteProperty(process.env, name));
    Object.assign(process.env, keyVariables);
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert(folder);
    root = folder.uri;
    userFolder = mkdtempSync(path.join(tmpdir(), 'oss-downloader-integration-'));
    oss = await startOssServer({ buckets: { docs: {} } });
    // An address that is none of those that are never proxied.
    ownOrigin = `http://[::ffff:7f00:1]:${oss.port}`;
    evilConnections = 0;
    evil = createServer((socket) => {
      evilConnections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
    evilOrigin = `http://127.0.0.1:${(evil.address() as AddressInfo).port}`;
    await own().update('profiles', [{ name: 'local', endpoint: ownOrigin, region: 'cn-hangzhou', credentials: 'environment' }], vscode.ConfigurationTarget.Global);
    await own().update('download.directory', userFolder, vscode.ConfigurationTarget.Global);
    await own().update('download.askDestination', false, vscode.ConfigurationTarget.Global);
  });
  afterEach(async () => {
    for (const name of ['.vscode', '.aliyun', '.env', '.ossutilconfig', '.ossutilconfig-of-nobody']) {
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(root, name), { recursive: true }).then(undefined, () => undefined);
    }
    await waitFor('the workspace to say nothing', () => own().get('list.pageSize') === 500);
  });
  after(async () => {
    await call('clearFinished');
    for (const key of ['profiles', 'download.directory', 'download.askDestination']) {
      await own().update(key, undefined, vscode.ConfigurationTarget.Global);
    }
    for (const [name, value] of Object.entries(environment)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await oss.close();
    await new Promise((resolve) => evil.close(resolve));
    rmSync(userFolder, { recursive: true, force: true });
  });

  /** Opens the workspace with these settings, and waits until they are in force as far as they ever will be. */
  const withSettings = async (settings: Readonly<Record<string, unknown>>): Promise<void> => {
    number += 1;
    await write('.vscode/settings.json', JSON.stringify({ ...settings, 'ossDownloader.list.pageSize': number }));
    await waitFor('the settings of the workspace', () => own().get('list.pageSize') === number, { limitMs: 20_000 });
  };

  /** Signs a URL and downloads an object. @param folder where it arrives */
  const useAll = async (folder = userFolder): Promise<void> => {
    const name = `object-${number}.txt`;
    oss.store.bucket('docs').put(name, { text: name });
    oss.requests.clear();
    await call('copySignedUrl', `oss://docs/${name}`, undefined, 600);
    assert.equal(new URL(await vscode.env.clipboard.readText()).origin, ownOrigin);
    await call('download', `oss://docs/${name}`);
    const file = path.join(folder, name);
    await waitFor(file, () => existsSync(file), { limitMs: 20_000 });
    assert.equal(readFileSync(file, 'utf8'), name);
    assert(oss.requests.entries.some(({ key }) => key === name));
    assert.equal(evilConnections, 0);
  };

  it('can set what it likes of this extension, one by one: no request goes elsewhere, and nothing of the machine changes', async () => {
    const values: Readonly<Record<string, unknown>> = {
      'ossDownloader.profiles': [{ name: 'local', endpoint: evilOrigin, region: 'cn-hangzhou', credentials: 'environment' }],
      'ossDownloader.defaultProfile': 'evil',
      'ossDownloader.network.caFile': '/no/such/file',
      'ossDownloader.list.pageSize': 7,
      'ossDownloader.preview.maxSize': 1e9,
      'ossDownloader.download.directory': path.join(userFolder, 'of-the-workspace'),
      'ossDownloader.download.askDestination': false,
      'ossDownloader.download.conflict': 'overwrite',
      'ossDownloader.download.invalidNames': 'replace',
      'ossDownloader.download.preserveModified': false,
      'ossDownloader.resumeOnStartup': 'always',
      'ossDownloader.keepPartialsDays': 1,
      'ossDownloader.transfer.maxConnections': 1,
      'ossDownloader.transfer.concurrentDownloads': 1,
      'ossDownloader.transfer.partSize': '64 KiB',
      'ossDownloader.transfer.bandwidthLimit': 0.1,
      'ossDownloader.transfer.retries': 0,
      'ossDownloader.transfer.stallTimeout': 1,
    };
    const scopes = new Map(contributions().configuration.flatMap(({ properties }) => Object.entries(properties)).map(([key, { scope }]) => [key, scope]));
    assert.deepEqual(Object.keys(values).sort(), [...scopes.keys()].sort(), 'each setting is tried');
    const whole = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration();
    const expected = userValues();
    for (const [key, value] of Object.entries(values)) {
      const unchanged = whole().get(key);
      await withSettings({ [key]: value });
      assert.deepEqual(userValues(), expected, key);
      if (scopes.get(key) === 'application' || scopes.get(key) === 'machine') assert.deepEqual(whole().get(key), unchanged, key);
      // Where files go is for a trusted workspace to say; where they come from is not.
      await useAll(key === 'ossDownloader.download.directory' ? String(value) : userFolder);
    }
  });

  it('can set what it likes of http.*, one by one and all at once: no request goes through its proxy', async () => {
    const values = Object.fromEntries(Object.entries({ ...vscode.workspace.getConfiguration('http') })
      .filter(([, value]) => typeof value !== 'function')
      .map(([key, value]) => [`http.${key}`, evilValue(key, value)]));
    for (const key of ['proxy', 'proxyStrictSSL', 'proxySupport', 'proxyAuthorization', 'noProxy', 'systemCertificates']) {
      assert(`http.${key}` in values, `http.${key} is tried`);
    }
    const expected = userValues();
    for (const settings of [...Object.entries(values).map(([key, value]) => ({ [key]: value })), values]) {
      await withSettings(settings);
      assert.deepEqual(userValues(), expected, JSON.stringify(settings));
      await useAll();
    }
  });
  function evilValue(key: string, value: unknown): unknown {
    if (key === 'proxySupport') return 'override';
    if (key === 'noProxy') return ['*'];
    if (key === 'proxyAuthorization') return 'Basic ZXZpbDpldmls';
    return typeof value === 'boolean' ? !value : evilOrigin;
  }

  it('can hold the files of other programs, variables and tasks: none is read, and no program runs', async () => {
    const mark = path.join(userFolder, 'ran');
    const touch = `touch ${mark}`;
    await write('.env', `OSS_ACCESS_KEY_ID=evil\nOSS_ACCESS_KEY_SECRET=evil\nOSS_ENDPOINT=${evilOrigin}\nHTTP_PROXY=${evilOrigin}\nHTTPS_PROXY=${evilOrigin}\n`);
    await write('.ossutilconfig', `[default]\nmode=Process\ncredentialProcess=${touch}\nendpoint=${evilOrigin}\n`);
    await write('.aliyun/config.json', JSON.stringify({ current: 'evil', profiles: [{ name: 'evil', mode: 'External', process_command: touch }] }));
    await write('.vscode/tasks.json', JSON.stringify({ version: '2.0.0', tasks: [{ label: 'evil', type: 'shell', command: touch, runOptions: { runOn: 'folderOpen' }, options: { env: { OSS_ENDPOINT: evilOrigin } } }] }));
    const expected = userValues();
    await withSettings({
      'terminal.integrated.env.linux': { OSS_ENDPOINT: evilOrigin, HTTP_PROXY: evilOrigin },
      'ossDownloader.profiles': [{ name: 'local', endpoint: evilOrigin, region: 'cn-hangzhou', credentials: { from: 'process', command: touch } }],
    });
    await useAll();
    assert.deepEqual(userValues(), expected);
    assert.equal(process.env['OSS_ENDPOINT'], undefined);
    assert.equal(existsSync(mark), false);
    // A profile of the user's that reads ossutil's file means the one in the home folder, also by a relative path.
    await own().update('profiles', [{ name: 'local', endpoint: ownOrigin, region: 'cn-hangzhou', credentials: { from: 'ossutil', file: '.ossutilconfig-of-nobody' } }], vscode.ConfigurationTarget.Global);
    await write('.ossutilconfig-of-nobody', `[default]\nmode=Process\ncredentialProcess=${touch}\n`);
    await vscode.env.clipboard.writeText('nothing');
    await call('copySignedUrl', 'oss://docs/any', undefined, 600);
    assert.equal(await vscode.env.clipboard.readText(), 'nothing');
    assert.equal(existsSync(mark), false);
    assert.equal(evilConnections, 0);
  });
});
