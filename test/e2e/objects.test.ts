import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { waitFor } from '../../scripts/support/waitFor.ts';
import { fullDate } from '../../src/vscode/ui/localFormat.ts';
import { accessTo, never, oneProfile } from '../unit/oss/support/access.ts';
import { hundredMebibytes, LargeDownload, unhurried } from './support/largeDownload.ts';
import { signedIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';

const mebibyte = 1024 ** 2;
const dayMs = 86_400_000;

describe('URLs, versions and unfinished files', () => {
  const oss = useOssServer();
  const editor = useEditor(() => signedIn(oss().url, unhurried));
  const inDownloads = (name: string): string => path.join(editor().homeFolder, 'downloads', name);

  /** Signs a URL like the owner of the object would. */
  async function signedUrl(key: string, lifetimeMs: number): Promise<string> {
    const access = accessTo(oneProfile({ endpoint: oss().url, region: 'cn-hangzhou' }));
    try {
      return (await access.signFor({ profile: 'p', bucket: 'sample-large', key }, lifetimeMs, never)).url;
    } finally {
      await access.close();
    }
  }

  it('a pasted URL that expires half-way is replaced by a new one, from the same byte', async () => {
    const { workbench } = editor();
    const download = new LargeDownload(hundredMebibytes, oss(), editor());
    oss().settings.bytesPerSecond = 6 * mebibyte;
    await workbench.openContainer('OSS Downloader');
    await workbench.runCommand('OSS: Download from URL…');
    await workbench.quickInput.fill('ftp://nonsense');
    await workbench.quickInput.waitForPrompt(/Nothing can be downloaded from this address/);
    await workbench.quickInput.answer('Download from URL', await signedUrl(download.object.name, dayMs));
    await download.waitForBytes(30 * mebibyte);
    oss().settings.clockOffsetMs = 2 * dayMs;
    await workbench.notifications.waitFor(/The URL of hundred-mebibytes\.bin has expired/);
    const downloads = workbench.tree('Downloads');
    await waitFor('the row', async () =>
      /^\d+% · waiting for a new URL$/.test(await downloads.description(download.object.name)),
    );
    await editor().screenshot('urls - waiting for a new one');
    oss().settings.clockOffsetMs = 0;
    oss().settings.bytesPerSecond = 0;
    await workbench.notifications.click(/The URL of hundred-mebibytes\.bin has expired/, 'Enter New URL…');
    await workbench.quickInput.answer(
      'Enter New URL for hundred-mebibytes.bin',
      await signedUrl(download.object.name, dayMs),
    );
    await download.waitForEnd();
    assert(download.sentTwice() < 0.1, `${download.sentTwice()} was sent twice`);
    await downloads.contextMenu(download.object.name, 'Verify Again');
    await workbench.notifications.waitFor('hundred-mebibytes.bin is intact: its CRC-64 is that of the object.');
    await workbench.notifications.clearAll();
  });

  it('the properties of an object are shown and can be copied', async () => {
    const { workbench } = editor();
    const buckets = workbench.tree('Buckets');
    await buckets.expand('sample-text');
    await buckets.contextMenu('readme.txt', 'Properties');
    await workbench.quickInput.waitForPrompt('Properties of oss://sample-text/readme.txt');
    const labels = await workbench.quickInput.labels();
    assert.deepEqual(labels.slice(0, 5), ['Path', 'Size', 'Last modified', 'Storage class', 'ETag']);
    assert(labels.includes('CRC-64'));
    await editor().screenshot('objects - properties');
    await workbench.quickInput.cancel();
  });

  it('an older version of an object can be downloaded', async () => {
    const { workbench } = editor();
    const store = oss().store.bucket('sample-versions');
    const oldMs = Date.UTC(2025, 5, 1, 12);
    store.put('two.txt', { text: 'old' }, { lastModifiedMs: oldMs });
    store.put('two.txt', { text: 'new' });
    const buckets = workbench.tree('Buckets');
    await buckets.expand('sample-versions');
    await buckets.contextMenu('two.txt', 'Show Versions');
    await workbench.quickInput.waitForPrompt('Versions of oss://sample-versions/two.txt');
    await editor().screenshot('objects - versions');
    await workbench.quickInput.pickRow(fullDate(oldMs, 'en'));
    await workbench.notifications.waitFor('Downloaded two.txt (3 B).');
    assert.equal(readFileSync(inDownloads('two.txt'), 'utf8'), 'old');
    await workbench.notifications.clearAll();
  });

  it('an unfinished file without a download can be discarded from the explorer', async () => {
    const { workbench } = editor();
    const folder = path.join(editor().workspaceFolder, 'left');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'old.bin.ossdownload'), 'half');
    await workbench.openContainer('Explorer');
    const explorer = workbench.tree('workspace');
    await explorer.waitForItem('left');
    await explorer.click('left');
    await explorer.contextMenu('old.bin.ossdownload', 'Resume Download');
    await workbench.notifications.waitFor('No download in the list belongs to old.bin.ossdownload.');
    await explorer.contextMenu('old.bin.ossdownload', 'Discard Partial');
    await workbench.dialog.click('Discard old.bin.ossdownload?', 'Discard');
    await waitFor('the file to go', () => !existsSync(path.join(folder, 'old.bin.ossdownload')));
  });
});
