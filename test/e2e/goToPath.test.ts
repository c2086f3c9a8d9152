import assert from 'node:assert/strict';
import { waitFor } from '../../scripts/support/waitFor.ts';
import { signedIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';

describe('going to a path', () => {
  const oss = useOssServer();
  const editor = useEditor(() => {
    const options = signedIn(oss().url);
    // So few rows per page that 20 pages end before the last rows of the sample buckets.
    return { ...options, settings: { ...options.settings, 'ossDownloader.list.pageSize': 40 } };
  });

  async function goTo(path: string): Promise<void> {
    const { workbench } = editor();
    await workbench.runCommand('OSS: Go to OSS Path…');
    await workbench.quickInput.answer('Path of a bucket, a folder or an object', path);
  }

  async function waitUntilSelected(label: string): Promise<void> {
    const row = editor().workbench.tree('Buckets').item(label);
    await waitFor(
      `"${label}" to be selected`,
      async () => (await row.count()) > 0 && (await row.getAttribute('aria-selected')) === 'true',
      { limitMs: 30_000 },
    );
  }

  it('the path to an object is unfolded and the object selected, even far down in its folder', async () => {
    await goTo('oss://sample-folders/2500-files/file-0700.txt');
    await waitUntilSelected('file-0700.txt');
    // The row is on the next page, after rows that are drawn already.
    await goTo('sample-folders/2500-files/file-0730.txt');
    await waitUntilSelected('file-0730.txt');
    await editor().screenshot('went to a path');
  });

  it('a folder that is too far down can be pinned instead', async () => {
    const { workbench } = editor();
    oss().requests.clear();
    await goTo('oss://sample-million/folder-00999/');
    await workbench.notifications.click(
      'oss://sample-million/folder-00999/ stands too far down in sample-million to be shown.',
      'Pin',
    );
    await waitUntilSelected('folder-00999');
    await workbench.tree('Buckets').waitForDescription('folder-00999', 'sample-million');
    assert.equal(oss().requests.entries.filter(({ target }) => !target.includes('prefix=')).length, 20);
  });

  it('a missing path is reported with the missing part', async () => {
    const { workbench } = editor();
    await goTo('oss://sample-text/notes/missing/x');
    await workbench.notifications.waitFor('oss://sample-text/notes/missing/ does not exist.');
    await goTo('oss://no-such-bucket/a/');
    await workbench.dialog.click('oss://no-such-bucket/a/ cannot be listed', 'Cancel');
  });
});
