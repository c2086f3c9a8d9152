import assert from 'node:assert/strict';
import { signedIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';

const readme = 'These buckets live on the local OSS server of the project.';
const line = 'one line of a log that is too long for an editor\n';

describe('viewing objects without a download', () => {
  const oss = useOssServer();
  const editor = useEditor(() => signedIn(oss().url));

  before(() =>
    oss()
      .store.bucket('sample-text')
      .put('long.log', { text: line.repeat(150_000) }),
  );

  it('a text object opens read-only, with one request for the listed version', async () => {
    const { workbench } = editor();
    await workbench.openContainer('OSS Downloader');
    const buckets = workbench.tree('Buckets');
    await buckets.expand('sample-text');
    oss().requests.clear();
    await buckets.inlineAction('readme.txt', 'Open (Read-Only)');
    await workbench.editors.tab('readme.txt').waitFor();
    await workbench.editors.waitForText(`${readme}\n`);
    assert.deepEqual(
      oss()
        .requests.of('sample-text', 'readme.txt', 'GET')
        .map(({ status }) => status),
      [200],
    );
    await workbench.editors.type('x');
    await workbench.editors.overlay().filter({ hasText: 'Objects of OSS are read-only here.' }).waitFor();
    assert.equal(await workbench.editors.text(), `${readme}\n`);
    await editor().screenshot('open - text');
  });

  it('an image object opens in the image viewer', async () => {
    const { workbench } = editor();
    const buckets = workbench.tree('Buckets');
    await buckets.expand('sample-images');
    await buckets.expand('colours');
    await buckets.contextMenu('red.png', 'Open (Read-Only)');
    assert.deepEqual(await workbench.editors.imageSize(), [64, 64]);
    await editor().screenshot('open - image');
  });

  it('objects with awkward names open', async () => {
    const { workbench } = editor();
    for (const key of [
      'a/../b.txt',
      'double//slash.txt',
      'percent%2Fencoded.txt',
      'question?mark.txt',
      'case.TXT',
      'Case.txt',
    ]) {
      await workbench.runCommand('OSS: Open (Read-Only)');
      await workbench.quickInput.answer('Open an OSS object', `oss://sample-awkward/${key}`);
      await workbench.editors.waitForText(`content of ${JSON.stringify(key)}\n`);
    }
  });

  it('a large object is opened after a question, as text with its first 64 KB', async () => {
    const { workbench } = editor();
    const buckets = workbench.tree('Buckets');
    oss().requests.clear();
    await buckets.contextMenu('long.log', 'Open (Read-Only)');
    await workbench.dialog.click('oss://sample-text/long.log is too large for an editor.', 'Preview Start');
    await workbench.editors.tab('[0-64 KB] long.log').waitFor();
    await workbench.editors.waitForText(/^(one line of a log that is too long for an editor\n?)+$/);
    assert.deepEqual(
      oss()
        .requests.of('sample-text', 'long.log', 'GET')
        .map(({ status }) => status),
      [206],
    );
    await editor().screenshot('open - start');
  });

  it('open objects reappear after the window is reloaded', async () => {
    await editor().workbench.editors.waitUntilNoted('[0-64 KB] long.log');
    await editor().reload();
    const { editors } = editor().workbench;
    await editors.tab('[0-64 KB] long.log').waitFor();
    await editors.waitForText(/^(one line of a log that is too long for an editor\n?)+$/);
  });

  it('an object that has changed since the listing is reported, and opened on retry', async () => {
    const { workbench } = editor();
    await workbench.openContainer('OSS Downloader');
    const buckets = workbench.tree('Buckets');
    await buckets.expand('sample-text');
    await buckets.expand('notes');
    await buckets.waitForItem('todo.md');
    oss().store.bucket('sample-text').put('notes/todo.md', { text: 'something else' });
    await buckets.contextMenu('todo.md', 'Open (Read-Only)');
    await workbench.notifications.waitFor('oss://sample-text/notes/todo.md has changed in OSS since it was listed.');
    await workbench.editors.placeholder().waitFor();
    await editor().screenshot('open - changed');
    await workbench.editors.placeholder().getByRole('button', { name: 'Try Again' }).click();
    await workbench.editors.waitForText('something else');
    await workbench.notifications.clearAll();
  });

  it('a restored editor whose object is gone shows a clear error', async () => {
    await editor().workbench.editors.waitUntilNoted('todo.md');
    oss().store.bucket('sample-text').remove('notes/todo.md');
    await editor().reload();
    const { workbench } = editor();
    await workbench.editors.placeholder().filter({ hasText: 'the file was not found' }).waitFor({ timeout: 60_000 });
    await workbench.notifications.waitFor('oss://sample-text/notes/todo.md does not exist.');
  });
});
