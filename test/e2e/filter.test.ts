import assert from 'node:assert/strict';
import { waitFor } from '../../scripts/support/waitFor.ts';
import { signedIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';

describe('a filter on a folder', () => {
  const oss = useOssServer();
  const editor = useEditor(() => signedIn(oss().url));

  it('a filter shows only names with a prefix, is named in the row, and is cleared there', async () => {
    const { workbench } = editor();
    await workbench.openContainer('OSS Downloader');
    const buckets = workbench.tree('Buckets');
    await buckets.expand('sample-folders');
    await buckets.waitForItem('2500-files');
    oss().requests.clear();
    await buckets.contextMenu('2500-files', 'Filter by Prefix…');
    await workbench.quickInput.answer('What the names begin with', 'file-249');
    await buckets.waitForItem('file-2499.txt');
    await buckets.waitForDescription('2500-files', /^only file-249…$/);
    assert.deepEqual((await buckets.labels()).filter((label) => label.startsWith('file-')).length, 10);
    assert.deepEqual(prefixes(), ['2500-files/file-249']);
    await editor().screenshot('filter');
    await buckets.inlineAction('2500-files', 'Clear Filter');
    await buckets.waitForItem('file-0000.txt');
    await waitFor(
      'the description to go',
      async () => !(await buckets.item('2500-files').innerText()).includes('only'),
    );
  });

  it('a filter without matches says so, and ends when a hidden path is opened', async () => {
    const { workbench } = editor();
    const buckets = workbench.tree('Buckets');
    await buckets.contextMenu('sample-folders', 'Filter by Prefix…');
    await workbench.quickInput.answer('What the names begin with', 'nothing');
    await buckets.waitForItem('Nothing begins with the text of the filter');
    await workbench.runCommand('OSS: Go to OSS Path…');
    await workbench.quickInput.answer(
      'Path of a bucket, a folder or an object',
      'oss://sample-folders/2500-files/file-0003.txt',
    );
    await buckets.waitForItem('file-0003.txt');
  });

  function prefixes(): readonly (string | null)[] {
    return oss().requests.entries.map(({ target }) => new URLSearchParams(target.split('?')[1]).get('prefix'));
  }
});
