import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { differenceFrom } from '../engine/support/compareFile.ts';
import { awkwardKeys } from '../server/objects/sampleData.ts';
import { fewConnections } from './support/largeDownload.ts';
import { signedIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';

const mebibyte = 1024 ** 2;
const readme = 'These buckets live on the local OSS server of the project.\n';

describe('downloading', () => {
  const oss = useOssServer();
  const editor = useEditor(() => signedIn(oss().url, fewConnections));
  const inWorkspace = (...names: string[]): string => path.join(editor().workspaceFolder, ...names);

  it('a download asks for its folder, shows progress, and writes the object byte for byte', async () => {
    const { workbench } = editor();
    oss().settings.bytesPerSecond = 6 * mebibyte;
    await workbench.openContainer('OSS Downloader');
    const buckets = workbench.tree('Buckets');
    await buckets.expand('sample-large');
    await buckets.inlineAction('hundred-mebibytes.bin', 'Download');
    await workbench.quickInput.answerFolderDialog('Download hundred-mebibytes.bin to', inWorkspace());
    const progress = await workbench.notifications.waitFor(
      /Downloading hundred-mebibytes\.bin.*[1-9]\d?% · \d+(\.\d)? MB\/s/,
    );
    assert.match(progress, /Downloading hundred-mebibytes\.bin: \d+% · \d+(\.\d)? MB\/s · 0:\d\d left/);
    const status = workbench.statusBarItem('oss-downloader.oss-downloader.downloads');
    // The first rate arrives here slightly later than in the notification.
    await status.filter({ hasText: /\d+% · \d+(\.\d)? MB\/s/ }).waitFor();
    await editor().screenshot('downloading - progress');
    oss().settings.bytesPerSecond = 0;
    await workbench.notifications.waitFor('Downloaded hundred-mebibytes.bin (100 MB).');
    assert.equal(await differenceFrom(inWorkspace('hundred-mebibytes.bin'), 2, 100 * mebibyte), undefined);
    assert.deepEqual(readdirSync(inWorkspace()), ['hundred-mebibytes.bin']);
    await status.waitFor({ state: 'hidden' });
    await workbench.tree('Downloads').waitForDescription('hundred-mebibytes.bin', '100 MB');
  });

  it('an oss:// path is downloaded from the command palette', async () => {
    const { workbench } = editor();
    await workbench.runCommand('OSS: Download');
    const question = 'Choose an object, or type oss://bucket/key';
    await workbench.quickInput.answer(question, 'oss://sample-text/notes/说明.txt');
    await workbench.quickInput.answerFolderDialog('Download 说明.txt to', inWorkspace());
    await workbench.notifications.waitFor('Downloaded 说明.txt (21 B).');
    assert.equal(readFileSync(inWorkspace('说明.txt'), 'utf8'), '本地 OSS 服务器\n');
  });

  it('a download can go into the folder that was clicked in the explorer', async () => {
    const { workbench } = editor();
    mkdirSync(inWorkspace('material'));
    await workbench.openContainer('Explorer');
    const explorer = workbench.tree('workspace');
    await explorer.waitForItem('material');
    await explorer.contextMenu('material', 'Download OSS Object Here…');
    await workbench.quickInput.pick('Choose an object, or type oss://bucket/key', 'sample-text');
    await workbench.quickInput.pickRow('readme.txt');
    await workbench.notifications.waitFor('Downloaded readme.txt (59 B).');
    assert.equal(readFileSync(inWorkspace('material/readme.txt'), 'utf8'), readme);
  });

  it('a download asks about a file that already exists', async () => {
    const { workbench } = editor();
    const { quickInput } = workbench;
    const again = async (answer: string): Promise<void> => {
      await workbench.notifications.clearAll();
      await workbench.runCommand('OSS: Download');
      await quickInput.answer('Choose an object, or type oss://bucket/key', 'oss://sample-text/readme.txt');
      await quickInput.answerFolderDialog('Download readme.txt to', inWorkspace('material'));
      await quickInput.pick('readme.txt is already there', answer);
    };
    await again('Keep Both');
    await workbench.notifications.waitFor('Downloaded readme (1).txt (59 B).');
    oss().store.bucket('sample-text').put('readme.txt', { text: 'second edition' });
    await again('Skip');
    await quickInput.waitUntilClosed();
    assert.equal(readFileSync(inWorkspace('material/readme.txt'), 'utf8'), readme);
    await again('Replace');
    await workbench.notifications.waitFor('Downloaded readme.txt (14 B).');
    assert.equal(readFileSync(inWorkspace('material/readme.txt'), 'utf8'), 'second edition');
    assert.deepEqual(readdirSync(inWorkspace('material')).sort(), ['readme (1).txt', 'readme.txt']);
  });

  it('a selection with awkward names is downloaded whole', async () => {
    const { workbench } = editor();
    await workbench.notifications.clearAll();
    await workbench.openContainer('OSS Downloader');
    const buckets = workbench.tree('Buckets');
    await buckets.titleAction('Collapse All');
    await buckets.expand('sample-awkward');
    // The rows between them are objects only, because a selection with a folder has no Download.
    const keys = awkwardKeys.filter((key) => key >= 'hash#tag.txt' && key <= '~home.txt');
    await buckets.scrollTo('hash#tag.txt');
    await buckets.click('hash#tag.txt');
    await buckets.scrollTo('~home.txt');
    await buckets.click('~home.txt', 'Shift');
    await buckets.contextMenu('~home.txt', 'Download');
    mkdirSync(inWorkspace('awkward'));
    await workbench.quickInput.answerFolderDialog(`Download ${keys.length} objects to`, inWorkspace('awkward'));
    await workbench.notifications.waitFor(`Downloaded ${keys.length} objects`);
    await workbench.tree('Downloads').waitForDescription(`${keys.length} objects`, new RegExp(`^${keys.length} files`));
    const files = readdirSync(inWorkspace('awkward'));
    assert.deepEqual(
      files.map((name) => readFileSync(inWorkspace('awkward', name), 'utf8')).sort(),
      keys.map((key) => `content of ${JSON.stringify(key)}\n`).sort(),
    );
  });
});
