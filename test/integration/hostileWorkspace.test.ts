import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import path from 'node:path';
import * as vscode from 'vscode';
import { waitFor } from '../../scripts/support/waitFor.ts';
import { readNetwork, readSetting } from '../../src/vscode/settings/settings.ts';
import type { OssServer } from '../server/ossServer.ts';
import { callCommand, fileArrives } from './support/callCommand.ts';
import { contributions } from './support/ownExtension.ts';
import { ownSettings, restoreEnvironment, useSignedIn } from './support/useSignedIn.ts';

const proxyVariables = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'];

/**
 * The tests run without workspace trust, as in a folder that the user has trusted: what is held here, holds in each.
 */
describe('a hostile workspace', function () {
  this.timeout(120_000);
  // An address that is not excluded from proxies.
  const originOf = (port: number): string => `http://[::ffff:7f00:1]:${port}`;
  const signedIn = useSignedIn({ docs: {} }, originOf);
  let oss: OssServer;
  /** The server that would receive a redirected request. */
  let evil: Server;
  let evilConnections: number;
  let evilOrigin: string;
  let ownOrigin: string;
  let userFolder: string;
  let root: vscode.Uri;
  let environment: Readonly<Record<string, string | undefined>>;
  let number = 0;
  const write = async (name: string, text: string): Promise<void> =>
    vscode.workspace.fs.writeFile(vscode.Uri.joinPath(root, name), Buffer.from(text));
  const userValues = (): unknown => [
    readNetwork(),
    ...(['profiles', 'defaultProfile', 'network.caFile'] as const).map((key) => readSetting(key)),
  ];

  before(async () => {
    environment = Object.fromEntries(proxyVariables.map((name) => [name, process.env[name]]));
    proxyVariables.forEach((name) => Reflect.deleteProperty(process.env, name));
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert(workspace);
    root = workspace.uri;
    ({ oss, folder: userFolder } = signedIn());
    ownOrigin = originOf(oss.port);
    evilConnections = 0;
    evil = createServer((socket) => {
      evilConnections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
    evilOrigin = `http://127.0.0.1:${(evil.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    for (const name of ['.vscode', '.aliyun', '.env', '.ossutilconfig', '.ossutilconfig-of-nobody']) {
      await vscode.workspace.fs
        .delete(vscode.Uri.joinPath(root, name), { recursive: true })
        .then(undefined, () => undefined);
    }
    await waitFor('the workspace to say nothing', () => ownSettings().get('list.pageSize') === 500);
  });
  after(async () => {
    restoreEnvironment(environment);
    await new Promise((resolve) => evil.close(resolve));
  });

  /** Opens the workspace with these settings and waits until the editor has applied them. */
  const withSettings = async (settings: Readonly<Record<string, unknown>>): Promise<void> => {
    number += 1;
    await write('.vscode/settings.json', JSON.stringify({ ...settings, 'ossDownloader.list.pageSize': number }));
    await waitFor('the settings of the workspace', () => ownSettings().get('list.pageSize') === number, {
      limitMs: 20_000,
    });
  };

  /** Signs a URL and downloads an object. @param folder where it arrives */
  const useAll = async (folder = userFolder): Promise<void> => {
    const name = `object-${number}.txt`;
    oss.store.bucket('docs').put(name, { text: name });
    oss.requests.clear();
    await callCommand('copySignedUrl', `oss://docs/${name}`, undefined, 600);
    assert.equal(new URL(await vscode.env.clipboard.readText()).origin, ownOrigin);
    await callCommand('download', `oss://docs/${name}`);
    const file = path.join(folder, name);
    await fileArrives(file);
    assert.equal(readFileSync(file, 'utf8'), name);
    assert(oss.requests.entries.some(({ key }) => key === name));
    assert.equal(evilConnections, 0);
  };

  it('no setting of this extension, set by a workspace, redirects a request or changes the machine', async () => {
    const values: Readonly<Record<string, unknown>> = {
      'ossDownloader.profiles': [
        { name: 'local', endpoint: evilOrigin, region: 'cn-hangzhou', credentials: 'environment' },
      ],
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
    const scopes = new Map(
      contributions()
        .configuration.flatMap(({ properties }) => Object.entries(properties))
        .map(([key, { scope }]) => [key, scope]),
    );
    assert.deepEqual(Object.keys(values).sort(), [...scopes.keys()].sort(), 'each setting is tried');
    const whole = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration();
    const expected = userValues();
    for (const [key, value] of Object.entries(values)) {
      const unchanged = whole().get(key);
      await withSettings({ [key]: value });
      assert.deepEqual(userValues(), expected, key);
      if (scopes.get(key) === 'application' || scopes.get(key) === 'machine')
        assert.deepEqual(whole().get(key), unchanged, key);
      // A trusted workspace may choose where files go, but not where they come from.
      await useAll(key === 'ossDownloader.download.directory' ? String(value) : userFolder);
    }
  });

  it('no http.* setting, set by a workspace, sends a request through its proxy', async () => {
    const values = Object.fromEntries(
      Object.entries({ ...vscode.workspace.getConfiguration('http') })
        .filter(([, value]) => typeof value !== 'function')
        .map(([key, value]) => [`http.${key}`, evilValue(key, value)]),
    );
    for (const key of [
      'proxy',
      'proxyStrictSSL',
      'proxySupport',
      'proxyAuthorization',
      'noProxy',
      'systemCertificates',
    ]) {
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

  it('credential files, variables and tasks of a workspace are not read, and no program runs', async () => {
    const mark = path.join(userFolder, 'ran');
    const touch = `touch ${mark}`;
    await write(
      '.env',
      `OSS_ACCESS_KEY_ID=evil\nOSS_ACCESS_KEY_SECRET=evil\nOSS_ENDPOINT=${evilOrigin}\nHTTP_PROXY=${evilOrigin}\n` +
        `HTTPS_PROXY=${evilOrigin}\n`,
    );
    await write('.ossutilconfig', `[default]\nmode=Process\ncredentialProcess=${touch}\nendpoint=${evilOrigin}\n`);
    await write(
      '.aliyun/config.json',
      JSON.stringify({ current: 'evil', profiles: [{ name: 'evil', mode: 'External', process_command: touch }] }),
    );
    await write(
      '.vscode/tasks.json',
      JSON.stringify({
        version: '2.0.0',
        tasks: [
          {
            label: 'evil',
            type: 'shell',
            command: touch,
            runOptions: { runOn: 'folderOpen' },
            options: { env: { OSS_ENDPOINT: evilOrigin } },
          },
        ],
      }),
    );
    const expected = userValues();
    await withSettings({
      'terminal.integrated.env.linux': { OSS_ENDPOINT: evilOrigin, HTTP_PROXY: evilOrigin },
      'ossDownloader.profiles': [
        {
          name: 'local',
          endpoint: evilOrigin,
          region: 'cn-hangzhou',
          credentials: { from: 'process', command: touch },
        },
      ],
    });
    await useAll();
    assert.deepEqual(userValues(), expected);
    assert.equal(process.env['OSS_ENDPOINT'], undefined);
    assert.equal(existsSync(mark), false);
    // A profile of the user's that reads ossutil's file means the one in the home folder, also by a relative path.
    await ownSettings().update(
      'profiles',
      [
        {
          name: 'local',
          endpoint: ownOrigin,
          region: 'cn-hangzhou',
          credentials: { from: 'ossutil', file: '.ossutilconfig-of-nobody' },
        },
      ],
      vscode.ConfigurationTarget.Global,
    );
    await write('.ossutilconfig-of-nobody', `[default]\nmode=Process\ncredentialProcess=${touch}\n`);
    await vscode.env.clipboard.writeText('nothing');
    await callCommand('copySignedUrl', 'oss://docs/any', undefined, 600);
    assert.equal(await vscode.env.clipboard.readText(), 'nothing');
    assert.equal(existsSync(mark), false);
    assert.equal(evilConnections, 0);
  });
});
