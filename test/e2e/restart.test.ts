import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { seededRandom } from '../support/random.ts';
import { hundredMebibytes, LargeDownload, oneGibibyte, unhurried } from './support/largeDownload.ts';
import { signedIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';

const mebibyte = 1024 ** 2;
/** Chooses the random moments; the same seed gives the same ones. */
const seed = Number(process.env['OSS_E2E_SEED'] ?? randomInt(2 ** 31));

describe('a restart in the middle of a download', () => {
  const oss = useOssServer();
  const editor = useEditor(() => signedIn(oss().url, unhurried));

  beforeEach(() => rmSync(path.join(editor().homeFolder, 'downloads'), { recursive: true, force: true }));

  /** Answers the question that a new window asks, and waits until the file is there and right. */
  async function resume(download: LargeDownload, maxSentTwice: number): Promise<void> {
    assert(!existsSync(download.file));
    const { notifications } = editor().workbench;
    await notifications.click(/Resume 1 download \(\d+(\.\d)? [MG]B left\)\?/, 'Resume');
    await download.waitForEnd();
    console.log(`      ${(download.sentTwice() * 100).toFixed(1)} % was sent twice`);
    assert(download.sentTwice() < maxSentTwice);
    await notifications.clearAll();
  }

  // An orderly end loses only what is on its way; a sudden one up to 1 MiB a connection and the claims of half a
  // second.
  const restarts: readonly (readonly [how: string, restart: () => Promise<void>, maxSentTwice: number])[] = [
    ['the window is loaded again', () => editor().reload(), 0.1],
    ['VS Code is quit and started again', () => editor().restart('orderly'), 0.1],
    ['the power fails', () => editor().restart('powerCut'), 0.3],
  ];
  for (const [how, restart, maxSentTwice] of restarts) {
    it(`a download resumes after one question when ${how}`, async () => {
      // Slow enough for a busy machine to keep up: what waits in the sockets' buffers counts as sent.
      oss().settings.bytesPerSecond = mebibyte;
      const download = new LargeDownload(hundredMebibytes, oss(), editor());
      await download.start();
      await download.waitForBytes(30 * mebibyte);
      await restart();
      oss().settings.bytesPerSecond = 0;
      await resume(download, maxSentTwice);
    });
  }

  it('a download of 1 GiB resumes after the extension host is killed at a random moment', async () => {
    const moment = seededRandom(seed)();
    console.log(`      killed after ${(moment * 100).toFixed(1)} %, OSS_E2E_SEED=${seed}`);
    const download = new LargeDownload(oneGibibyte, oss(), editor());
    await download.start();
    await download.waitForBytes(moment * oneGibibyte.sizeBytes);
    await editor().killExtensionHost();
    await resume(download, 0.1);
  });
});
