import assert from 'node:assert/strict';
import { waitFor } from '../../scripts/support/waitFor.ts';
import { hundredMebibytes, LargeDownload, unhurried } from './support/largeDownload.ts';
import { secretsOnDisk } from './support/secretsOnDisk.ts';
import { answerSignIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';
import type { Workbench } from './support/workbench.ts';

const mebibyte = 1024 ** 2;
const user = {
  accessKeyId: 'STS.e2e-access-key-id',
  accessKeySecret: 'e2e-access-key-secret',
  securityToken: 'e2e-security-token',
};
const wrongSecret = 'e2e-mistyped-secret';

describe('secrets', () => {
  const oss = useOssServer();
  const editor = useEditor({ machineSettings: unhurried });

  const leaks = (): string[] => secretsOnDisk(editor(), [...Object.values(user), wrongSecret]);

  it('no secret reaches settings, logs, storage or checkpoints, even with full logging', async () => {
    const { workbench } = editor();
    const { quickInput } = workbench;
    oss().settings.users = [user];
    await workbench.openContainer('OSS Downloader');
    await logEverything(workbench);
    await workbench.runCommand('OSS: Add Profile…');
    await answerSignIn(workbench, { name: 'temporary', endpoint: oss().url, ...user, accessKeySecret: wrongSecret });
    await workbench.dialog.click('The AccessKey secret is wrong.', 'Cancel');
    await workbench.runCommand('OSS: Add Profile…');
    await answerSignIn(workbench, { name: 'temporary', endpoint: oss().url, ...user });
    await workbench.notifications.waitFor('Signed in with temporary.');

    const key = hundredMebibytes.name;
    oss().faults.add(
      {
        match: { key, rangeStart: 8 * mebibyte, times: 1 },
        action: {
          kind: 'error',
          status: 403,
          code: 'AccessDenied',
          message: 'Request has expired.',
          ec: '0002-00000236',
        },
      },
      {
        match: { key, rangeStart: 16 * mebibyte, times: 1 },
        action: { kind: 'error', status: 500, code: 'InternalError' },
      },
      {
        match: { key, rangeStart: 24 * mebibyte, times: 1 },
        action: { kind: 'cut', afterBytes: mebibyte, how: 'reset' },
      },
      { match: { key, rangeStart: 32 * mebibyte, times: 1 }, action: { kind: 'errorPage' } },
    );
    oss().settings.bytesPerSecond = 4 * mebibyte;
    const download = new LargeDownload(hundredMebibytes, oss(), editor());
    await download.start();
    await download.waitForBytes(50 * mebibyte);
    await editor().killExtensionHost();
    // The checkpoint of the killed download exists and is searched too.
    assert(
      secretsOnDisk(editor(), [download.object.name]).some((found) =>
        found.includes('globalStorage/oss-downloader.oss-downloader'),
      ),
    );
    assert.deepEqual(leaks(), []);
    oss().settings.bytesPerSecond = 0;
    await workbench.notifications.click('Resume 1 download', 'Resume');
    await download.waitForEnd();

    await workbench.runCommand('OSS: Download');
    await quickInput.answer('Choose an object, or type oss://bucket/key', 'oss://sample-text/no-such.txt');
    await workbench.notifications.waitFor('oss://sample-text/no-such.txt does not exist.');
    assert.match(editor().extensionLog(), /\[debug\]|\[trace\]/);
    assert.deepEqual(leaks(), []);
  });
});

/** Sets the level of the extension's log. */
async function logEverything(workbench: Workbench): Promise<void> {
  const { quickInput } = workbench;
  await waitFor(
    'the log of the extension',
    async () => {
      await workbench.runCommand('Developer: Set Log Level...');
      await quickInput.fill('OSS Downloader');
      // The log is there only after the extension has started.
      const found = await quickInput
        .row('OSS Downloader')
        .waitFor({ timeout: 2000 })
        .then(
          () => true,
          () => false,
        );
      if (!found) await quickInput.cancel();
      return found;
    },
    { limitMs: 60_000 },
  );
  await quickInput.pickRow('OSS Downloader');
  await quickInput.pick('OSS Downloader: Select log level', 'Trace');
  await quickInput.waitUntilClosed();
}
