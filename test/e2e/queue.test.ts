import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { waitFor } from '../../scripts/support/waitFor.ts';
import { withoutAsking } from './support/largeDownload.ts';
import { signedIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';

const mebibyte = 1024 ** 2;

describe('the queue and its report', () => {
  const oss = useOssServer();
  before(() => {
    const bucket = oss().store.addBucket('sample-queue');
    ['first.bin', 'second.bin', 'third.bin'].forEach((name, index) =>
      bucket.put(name, { seed: index, sizeBytes: 9 * mebibyte }),
    ); // more than one part
    ['a', 'b', 'c'].forEach((name) => bucket.put(`folder/${name}.txt`, { text: name }));
  });
  const editor = useEditor(() =>
    signedIn(oss().url, { ...withoutAsking, 'ossDownloader.transfer.concurrentDownloads': 1 }),
  );
  const report = (name: string): string => path.join(editor().homeFolder, name);
  const says = async (name: string, text: RegExp): Promise<true> =>
    waitFor(
      `${name} to say ${String(text)}`,
      async () => text.test(await editor().workbench.tree('Downloads').description(name)),
      { limitMs: 30_000 },
    );

  it('a download that was moved to the front starts first, and the report covers all downloads', async () => {
    const { workbench } = editor();
    oss().settings.bytesPerSecond = 64 * 1024;
    await workbench.openContainer('OSS Downloader');
    for (const name of ['first.bin', 'second.bin', 'third.bin']) {
      await workbench.runCommand('OSS: Download');
      await workbench.quickInput.answer('Choose an object, or type oss://bucket/key', `oss://sample-queue/${name}`);
    }
    const downloads = workbench.tree('Downloads');
    await says('second.bin', /^Waiting its turn$/);
    await says('third.bin', /^Waiting its turn$/);
    await downloads.contextMenu('third.bin', 'Download Next');
    await downloads.contextMenu('first.bin', 'Pause Download');
    await says('third.bin', /%/);
    await says('second.bin', /^Waiting its turn$/);

    await downloads.titleMenu('Export Report…');
    await workbench.quickInput.answerFileDialog(report('all.json'));
    await workbench.notifications.waitFor(report('all.json'));
    const { downloads: rows } = JSON.parse(readFileSync(report('all.json'), 'utf8')) as {
      readonly downloads: readonly { readonly object: string; readonly state: string }[];
    };
    assert.deepEqual(
      rows.map(({ object, state }) => [object, state]),
      [
        ['oss://sample-queue/first.bin', 'paused'],
        ['oss://sample-queue/second.bin', 'queued'],
        ['oss://sample-queue/third.bin', 'running'],
      ],
    );
    oss().settings.bytesPerSecond = 0;
  });

  it('the speed can be limited from the menu of the view, with or without a focused row', async () => {
    const { workbench } = editor();
    const downloads = workbench.tree('Downloads');
    await says('second.bin', /^9 MB$/);
    await downloads.click('second.bin');
    await downloads.titleMenu('Limit Speed…');
    await workbench.quickInput.pick('Of all downloads together. Now: No limit', '20 MB/s');
    await downloads.titleMenu('Limit Speed…');
    await workbench.quickInput.pick('Of all downloads together. Now: 20 MB/s', 'Custom…');
    await workbench.quickInput.answer('MB per second of all downloads together; 0 for no limit', '0');
    await downloads.titleMenu('Limit Speed…');
    await workbench.quickInput.waitForPrompt('Of all downloads together. Now: No limit');
    await workbench.quickInput.cancel();
  });

  it('the report says why an object of a folder was not downloaded', async () => {
    const { workbench } = editor();
    oss().faults.add({
      match: { key: 'folder/b.txt', method: 'GET' },
      action: { kind: 'error', status: 403, code: 'AccessDenied', ec: '0003-00000001' },
    });
    await workbench.runCommand('OSS: Download');
    await workbench.quickInput.answer('Choose an object, or type oss://bucket/key', 'oss://sample-queue/folder/');
    await workbench.notifications.click(
      '1 of 3 objects of oss://sample-queue/folder/ could not be downloaded.',
      'Export Report…',
    );
    await workbench.quickInput.answerFileDialog(report('folder.csv'));
    await workbench.notifications.waitFor(report('folder.csv'));
    const csv = readFileSync(report('folder.csv'), 'utf8');
    assert.match(csv, /"batch","oss:\/\/sample-queue\/folder\/","[^"]*","[^"]*","finished",3,2,1,0,0,/);
    assert.match(
      csv,
      new RegExp(
        '"object",[^\\r]*"oss://sample-queue/folder/b\\.txt","folder/b\\.txt",[^\\r]*' +
          '"auth/accessDenied","[^"]*",403,"AccessDenied","0003-00000001","[0-9A-F]{24}"\\r\\n$',
      ),
    );

    await workbench.tree('Downloads').contextMenu('folder', 'Export Report…');
    await workbench.quickInput.answerFileDialog(report('again.csv'));
    await waitFor(
      'the same report',
      () => existsSync(report('again.csv')) && readFileSync(report('again.csv'), 'utf8') === csv,
    );
  });
});
