import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Editor } from './support/editor.ts';
import { answerEndpoint, answerSignIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';

describe('signing in', () => {
  const oss = useOssServer();
  const editor = useEditor();

  it('a first profile can be added from the welcome view, and shows its buckets', async () => {
    const { workbench } = editor();
    await workbench.openContainer('OSS Downloader');
    await workbench.tree('Buckets').welcome().getByRole('button', { name: 'Add Profile', exact: true }).click();
    await answerSignIn(workbench, { name: 'work', endpoint: oss().url });
    await workbench.notifications.waitFor('Signed in with work.');
    await workbench.tree('Buckets').waitForItem('sample-text');
    await workbench.tree('Buckets').waitForDescription('sample-text', 'cn-hangzhou');
    assert.deepEqual(savedProfiles(editor()), [
      { name: 'work', credentials: 'accessKey', region: 'cn-hangzhou', endpoint: oss().url },
    ]);
  });

  it('a wrong secret is reported in one sentence, with details in the log, and nothing is saved', async () => {
    const { workbench } = editor();
    const before = savedProfiles(editor());
    await workbench.runCommand('OSS: Add Profile…');
    await answerSignIn(workbench, { name: 'mistyped', endpoint: oss().url, accessKeySecret: 'not-the-secret' });
    const text = await workbench.dialog.text();
    assert.match(text, /Signing in with mistyped failed/);
    assert.match(text, /The AccessKey secret is wrong\. Enter it again with Edit Credentials\./);
    assert.match(text, /Code SignatureDoesNotMatch, EC 0002-00000201, RequestId [0-9A-F]{24}/);
    await editor().screenshot('wrong secret');
    await workbench.dialog.click('Signing in with mistyped failed', 'Cancel');
    assert.match(
      editor().extensionLog(),
      /\[error\] auth\/wrongSecret \(HTTP 403, Code SignatureDoesNotMatch, EC 0002-00000201, RequestId [0-9A-F]{24}\)/,
    );
    assert.deepEqual(savedProfiles(editor()), before);
  });

  it('a public bucket can be added without credentials', async () => {
    const { workbench } = editor();
    await workbench.runCommand('OSS: Add Public Bucket…');
    await answerEndpoint(workbench, oss().url);
    oss().requests.clear();
    await workbench.quickInput.answer('Name of the bucket', 'sample-images');
    const buckets = workbench.tree('Buckets');
    // Two profiles: each has a row of its own now.
    const publicProfile = `Public (127.0.0.1:${oss().port})`;
    await buckets.expand(publicProfile);
    await buckets.expand('sample-images');
    await buckets.expand('colours');
    await buckets.waitForItem('red.png');
    const toImages = oss().requests.entries.filter(({ bucket }) => bucket === 'sample-images');
    assert(toImages.length > 0);
    assert.deepEqual(
      toImages.filter(({ headers, target }) => 'authorization' in headers || /signature/i.test(target)),
      [],
    );
  });
});

function savedProfiles(editor: Editor): unknown {
  const file = path.join(editor.userDataFolder, 'User/settings.json');
  assert(existsSync(file));
  return (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)['ossDownloader.profiles'];
}
