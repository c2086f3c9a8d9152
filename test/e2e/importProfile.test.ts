import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { defaultUser } from '../server/signing/users.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';

describe('importing profiles', () => {
  const oss = useOssServer();
  const editor = useEditor();

  it('credentials of ossutil and the CLI are found and used in place, for the chosen profiles', async () => {
    const { workbench, homeFolder } = editor();
    const key =
      `accessKeyId=${defaultUser.accessKeyId}\naccessKeySecret=${defaultUser.accessKeySecret}\nregion=cn-hangzhou\n` +
      `endpoint=${oss().url}\n`;
    mkdirSync(path.join(homeFolder, '.aliyun'), { recursive: true });
    writeFileSync(path.join(homeFolder, '.ossutilconfig'), `[default]\n${key}[profile second]\n${key}`, {
      mode: 0o600,
    });
    writeFileSync(
      path.join(homeFolder, '.aliyun/config.json'),
      JSON.stringify({ profiles: [{ name: 'bearer', mode: 'BearerToken' }] }),
      { mode: 0o600 },
    );
    await workbench.openContainer('OSS Downloader');
    const buckets = workbench.tree('Buckets');
    await buckets.welcome().getByRole('button', { name: 'Import Profile', exact: true }).click();
    await workbench.quickInput.waitForPrompt('Import OSS Profiles');
    await editor().screenshot('import');
    await workbench.quickInput.pickMany('Import OSS Profiles', ['ossutil', 'second']);
    await workbench.notifications.waitFor('Signed in with ossutil.');
    await buckets.waitForItem('ossutil');
    await buckets.expand('second');
    await buckets.waitForItem('sample-text');
    await workbench.runCommand('OSS: Switch Profile…');
    // Both are checked: this leaves the other.
    await workbench.quickInput.pickMany('Profiles that the Buckets view shows', ['ossutil']);
    await buckets.waitForItem('sample-text');
    // The tests end with a search for secrets on the disk; these belong to ossutil.
    rmSync(path.join(homeFolder, '.ossutilconfig'));
    assert.doesNotMatch(editor().extensionLog(), new RegExp(defaultUser.accessKeySecret));
  });
});
