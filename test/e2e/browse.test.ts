import assert from 'node:assert/strict';
import { waitFor } from '../../scripts/support/waitFor.ts';
import type { LoggedRequest } from '../server/http/requestLog.ts';
import { signedIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';

const mebibyte = 1024 ** 2;

describe('browsing', () => {
  const oss = useOssServer();
  const editor = useEditor(() => signedIn(oss().url));

  it('the tree shows buckets, folders and objects in key order, with size and date', async () => {
    const { workbench } = editor();
    await workbench.openContainer('OSS Downloader');
    const buckets = workbench.tree('Buckets');
    await buckets.expand('sample-text');
    await buckets.expand('data');
    await buckets.expand('notes');
    await buckets.waitForItem('todo.md');
    const labels = await buckets.labels();
    assert.deepEqual(labels.slice(labels.indexOf('sample-text') + 1, labels.indexOf('sample-versions')), [
      'data',
      'settings.json',
      'table.csv',
      'notes',
      'todo.md',
      '说明.txt',
      'readme.txt',
    ]);
    await buckets.waitForDescription('readme.txt', /^59 B · (now|\d minutes? ago)$/);
    await buckets.collapse('sample-text');
  });

  it('a folder of 2,500 objects is shown page by page, with one request each, and keeps its position', async () => {
    const { workbench } = editor();
    const buckets = workbench.tree('Buckets');
    await buckets.expand('sample-folders');
    await buckets.expand('2500-files');
    await buckets.waitForItem('file-0000.txt');
    for (const next of ['file-0500.txt', 'file-1000.txt', 'file-1500.txt', 'file-2000.txt']) {
      await buckets.scrollToEnd();
      await buckets.click('Load more…');
      await buckets.waitForItem(next);
    }
    await buckets.scrollToEnd();
    await buckets.waitForItem('file-2499.txt');
    assert.equal(await buckets.item('Load more…').count(), 0);
    const pages = listings(oss().requests.entries, 'sample-folders').filter(({ target }) =>
      target.includes('prefix=2500-files'),
    );
    assert.equal(pages.length, 5);
  });

  it('refreshing a folder lists that folder only', async () => {
    const { workbench } = editor();
    const buckets = workbench.tree('Buckets');
    await buckets.titleAction('Collapse All');
    await buckets.expand('sample-text');
    await buckets.expand('notes');
    await buckets.waitForItem('todo.md');
    oss().requests.clear();
    oss().store.bucket('sample-text').put('notes/new.txt', { text: 'new' });
    await buckets.inlineAction('notes', 'Refresh');
    await buckets.waitForItem('new.txt');
    assert.deepEqual(
      oss().requests.entries.map(({ target }) => new URLSearchParams(target.split('?')[1]).get('prefix')),
      ['notes/'],
    );
  });

  it('awkward names are shown exactly as they are', async () => {
    const { workbench } = editor();
    const buckets = workbench.tree('Buckets');
    await buckets.titleAction('Collapse All');
    await buckets.expand('sample-awkward');
    for (const name of ['.', '..', '100%.txt', '<angle>&amp;.txt', 'back\\slash.txt', 'bell\\u{7}.txt']) {
      await buckets.scrollTo(name);
    }
    await editor().screenshot('awkward names');
    // An object and a folder of the same name are two rows.
    await buckets.scrollTo('both');
    await waitFor(
      'the second of that name',
      async () => (await buckets.labels()).filter((label) => label === 'both').length === 2,
    );
    for (const name of ['new\\u{a}line.txt', 'percent%2Fencoded.txt', 'rtl-\\u{202e}txt.exe']) {
      await buckets.scrollTo(name);
    }
  });

  it('the first page of a million keys appears after one request, in less than 50 MB', async () => {
    const { workbench } = editor();
    const buckets = workbench.tree('Buckets');
    await buckets.titleAction('Collapse All');
    await buckets.waitForItem('sample-million');
    const before = editor().extensionHostMemory();
    oss().requests.clear();
    await buckets.expand('sample-million');
    await buckets.waitForItem('folder-00000');
    assert.equal(oss().requests.entries.length, 1);
    await buckets.scrollToEnd();
    await buckets.click('Load more…');
    await buckets.waitForItem('folder-00500');
    assert.equal(oss().requests.entries.length, 2);
    const grown = editor().extensionHostMemory() - before;
    console.log(`      the extension host grew by ${(grown / mebibyte).toFixed(1)} MiB`);
    assert(grown < 50e6);
  });
});

/** The requests that listed the objects of a bucket. */
function listings(requests: readonly LoggedRequest[], bucket: string): readonly LoggedRequest[] {
  return requests.filter((request) => request.bucket === bucket && request.target.includes('list-type=2'));
}
