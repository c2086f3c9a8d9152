import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { waitFor } from '../../scripts/support/waitFor.ts';
import { hundredMebibytes, LargeDownload, unhurried } from './support/largeDownload.ts';
import { signedIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';

const mebibyte = 1024 ** 2;

describe('stopping a download', () => {
  const oss = useOssServer();
  const editor = useEditor(() => signedIn(oss().url, unhurried));

  /** Starts a slow download and presses Cancel in its notification after a third. */
  async function startAndCancel(): Promise<LargeDownload> {
    oss().settings.bytesPerSecond = 4 * mebibyte;
    const download = new LargeDownload(hundredMebibytes, oss(), editor());
    await download.start();
    await download.waitForBytes(33 * mebibyte);
    await editor().workbench.notifications.click('Downloading hundred-mebibytes.bin', 'Cancel');
    return download;
  }

  it('Cancel in the notification keeps the bytes, and Resume continues from there', async () => {
    const { workbench } = editor();
    await workbench.openContainer('OSS Downloader');
    const download = await startAndCancel();
    const message = await workbench.notifications.waitFor(/Stopped at [3-9]\d%\. What has arrived is kept\./);
    const status = workbench.statusBarItem('oss-downloader.oss-downloader.downloads');
    await waitFor('the status bar', async () => (await status.innerText()).trim() === '1 paused');
    await workbench.tree('Downloads').waitForDescription('hundred-mebibytes.bin', /^Paused at \d+%$/);
    assert(existsSync(download.partFile) && !existsSync(download.file));
    await editor().screenshot('stopping a download - stopped');
    oss().settings.bytesPerSecond = 0;
    await workbench.notifications.click(message, 'Resume');
    await download.waitForEnd();
    assert(download.sentTwice() < 0.1, `${download.sentTwice()} was sent twice`);
    await workbench.notifications.clearAll();
  });

  it('a discarded download loses its bytes and its row', async () => {
    const { workbench } = editor();
    await workbench.runCommand('OSS: Clear Finished Downloads');
    rmSync(path.join(editor().homeFolder, 'downloads'), { recursive: true });
    const download = await startAndCancel();
    await workbench.notifications.click(/Stopped at [3-9]\d%/, 'Discard');
    await waitFor('the partial file to go', () => !existsSync(download.partFile));
    assert.deepEqual(readdirSync(path.dirname(download.file)), []);
    await workbench.tree('Downloads').welcome().getByText('Downloads appear here.').waitFor();
  });

  it('the palette discards only selected downloads, and asks even if there is just one', async () => {
    const { workbench } = editor();
    const download = await startAndCancel();
    await workbench.notifications.waitFor(/Stopped at [3-9]\d%/);
    await workbench.runCommand('OSS: Cancel Download');
    await workbench.quickInput.waitForPrompt('Choose downloads');
    await workbench.quickInput.cancel();
    assert(existsSync(download.partFile));
    await workbench.runCommand('OSS: Cancel Download');
    await workbench.quickInput.pickMany('Choose downloads', ['hundred-mebibytes.bin']);
    await waitFor('the partial file to go', () => !existsSync(download.partFile));
  });
});
