import assert from 'node:assert/strict';
import { freePort } from '../support/ports.ts';
import { defaultUser } from '../server/signing/users.ts';
import { answerEndpoint, answerKey, answerSignIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';
import { spaced } from './support/spaced.ts';

const broken = 'The connection of work does not work';
const region = 'Region ID that requests to this endpoint are signed for';

describe('a profile that cannot connect', () => {
  const oss = useOssServer();
  const editor = useEditor();

  it('Test Connection leads step by step to a working profile: first the endpoint, then the secret', async () => {
    const { workbench } = editor();
    const { dialog, quickInput, notifications } = workbench;
    const nobody = `http://127.0.0.1:${await freePort()}`;
    await workbench.openContainer('OSS Downloader');
    await workbench.runCommand('OSS: Add Profile…');
    await answerSignIn(workbench, { name: 'work', endpoint: nobody, accessKeySecret: 'not-the-secret' });
    await dialog.click('Signing in with work failed', 'Save Anyway');

    await workbench.runCommand('OSS: Test Connection…');
    const unreachable = await dialog.text();
    assert.match(unreachable, /The connection of work does not work/);
    assert.match(
      unreachable,
      spaced(
        /✓ AccessKey loca…-key/,
        /✓ http:\/\/127\.0\.0\.1:\d+, without a proxy/,
        /✓ 127\.0\.0\.1 is 127\.0\.0\.1/,
        /✗ Connecting/,
        /127\.0\.0\.1(?::\d+)? cannot be reached\. Check the endpoint, the network and the proxy\./,
      ),
    );
    await editor().screenshot('connection to nobody');
    await dialog.click(broken, 'Edit Profile');
    await quickInput.pick('Edit Profile work', 'Region or endpoint');
    await answerEndpoint(workbench, oss().url);
    await quickInput.answer(region, 'cn-hangzhou');
    await dialog.click('Signing in with work failed', 'Save Anyway');

    await workbench.runCommand('OSS: Test Connection…');
    const wrongSecret = await dialog.text();
    assert.match(
      wrongSecret,
      spaced(
        /✓ OSS answers/,
        /✗ Signing in and listing/,
        /The AccessKey secret is wrong\. Enter it again with Edit Credentials\./,
      ),
    );
    await editor().screenshot('connection with a wrong secret');
    await dialog.click(broken, 'Edit Credentials');
    await answerKey(workbench, {});
    await notifications.waitFor('Signed in with work.');

    await workbench.runCommand('OSS: Test Connection…');
    const works = await dialog.text();
    assert.match(works, /The connection of work works/);
    assert.match(works, /✓ OSS answers\s+✓ The key is right and may list buckets/);
    assert.doesNotMatch(works, /✗/);
    await editor().screenshot('connection that works');
    await dialog.click('The connection of work works', 'OK');
    await workbench.tree('Buckets').waitForItem('sample-text');
    for (const secret of ['not-the-secret', defaultUser.accessKeySecret])
      assert(!editor().extensionLog().includes(secret));
  });
});
