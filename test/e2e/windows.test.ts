import assert from 'node:assert/strict';
import { waitFor } from '../../scripts/support/waitFor.ts';
import { hundredMebibytes, LargeDownload, unhurried } from './support/largeDownload.ts';
import { signedIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';
import type { Workbench } from './support/workbench.ts';

const mebibyte = 1024 ** 2;
const row = hundredMebibytes.name;

describe('two windows', () => {
  const oss = useOssServer();
  const editor = useEditor(() => signedIn(oss().url, unhurried));
  let second: Workbench;

  before(async function () {
    this.timeout(180_000);
    second = await editor().openSecondWindow();
  });

  async function waitForState(workbench: Workbench, expected: RegExp): Promise<void> {
    let seen = '';
    await waitFor(
      `"${row}" as ${String(expected)}`,
      async () => {
        seen = await workbench.tree('Downloads').description(row);
        return expected.test(seen);
      },
      { limitMs: 20_000 },
    ).catch((error: unknown) => {
      throw new Error(`it shows "${seen}"`, { cause: error });
    });
  }

  it('two windows show and control one download, and one continues it when the other closes', async function () {
    this.timeout(180_000);
    const first = editor().workbench;
    oss().settings.bytesPerSecond = mebibyte;
    const download = new LargeDownload(hundredMebibytes, oss(), editor());
    await first.openContainer('OSS Downloader');
    await second.openContainer('OSS Downloader');
    await second.tree('Downloads').welcome().getByText('Downloads appear here.').waitFor();
    await first.page.bringToFront();
    await download.start();
    await download.waitForBytes(10 * mebibyte);

    // shown live in the window that did not start it, and stopped from there
    await second.page.bringToFront();
    await waitForState(second, /^\d+% .*\/s/);
    await second.tree('Downloads').inlineAction(row, 'Pause Download');
    await waitForState(second, /^Paused at \d+%$/);
    await waitForState(first, /^Paused at \d+%$/);

    // taken over by the second window, shown live in the first
    await second.tree('Downloads').inlineAction(row, 'Resume Download');
    await waitForState(second, /^\d+% .*\/s/);
    await first.page.bringToFront();
    await waitForState(first, /^\d+% .*\/s/);
    await editor().screenshot('two windows - the first shows what the second downloads');

    // the window that runs it closes
    await second.page.close();
    const question = await first.notifications.waitFor(/Resume 1 download \(.* left\)\?/, 60_000);
    oss().settings.bytesPerSecond = 0;
    assert(download.bytesSent() < hundredMebibytes.sizeBytes, 'there is something left to go on with');
    await first.notifications.click(question, 'Resume');
    await download.waitForEnd();
    assert(download.sentTwice() < 0.1, `${download.sentTwice()} was sent twice`);
  });
});
