import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { LoggedRequest } from '../server/http/requestLog.ts';
import { prefixUser } from '../server/signing/users.ts';
import { withoutAsking } from './support/largeDownload.ts';
import { secretsOnDisk } from './support/secretsOnDisk.ts';
import { signedIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';

const user = prefixUser('sample-text', 'data/');
const nameQuestion = 'Name of the bucket, or oss://bucket/folder/ where only a folder may be read';

describe('a user who may read only one folder', () => {
  const oss = useOssServer();
  const editor = useEditor(() => signedIn(oss().url, withoutAsking, user));
  before(() => {
    oss().settings.users = [...oss().settings.users, user];
    oss().store.bucket('sample-text').put('data/own.txt', { text: 'mine' });
    oss().store.bucket('sample-text').put('data/deep/inner/x.txt', { text: 'x' });
  });

  it('a user with one readable folder is led there from buckets that cannot be listed', async () => {
    const { workbench } = editor();
    await workbench.openContainer('OSS Downloader');
    const buckets = workbench.tree('Buckets');
    await buckets.click('This profile may not list buckets. Add a bucket by its name.');
    await workbench.quickInput.answer(nameQuestion, 'sample-text');
    await workbench.dialog.click(
      /sample-text may not be listed as a whole\. Add the folder that you may read/,
      'Save Anyway',
    );
    await buckets.expand('sample-text');
    await buckets.click(
      'sample-text may not be listed as a whole. Add the folder that you may read with Add Bucket by Name: ' +
        'oss://sample-text/…/',
    );
    await workbench.quickInput.waitForPrompt(nameQuestion);
    await workbench.quickInput.answer(nameQuestion, 'oss://sample-text/Data/');
    await workbench.dialog.click(/oss:\/\/sample-text\/Data\/ cannot be listed/, 'Change…');
    oss().requests.clear();
    await workbench.quickInput.answer(nameQuestion, 'sample-text/data');
    await buckets.waitForDescription('data', 'sample-text');
    await buckets.contextMenu('sample-text', 'Unpin');
    await buckets.item('sample-text').waitFor({ state: 'hidden' });
  });

  it('a user with one readable folder can unfold, download and refresh it, without requests elsewhere', async () => {
    const { workbench } = editor();
    const buckets = workbench.tree('Buckets');
    await buckets.expand('data');
    await buckets.waitForItem('own.txt');
    await editor().screenshot('a pinned folder');
    await buckets.inlineAction('own.txt', 'Download');
    await workbench.notifications.waitFor('Downloaded own.txt (4 B).');
    assert.equal(readFileSync(path.join(editor().homeFolder, 'downloads', 'own.txt'), 'utf8'), 'mine');
    oss().store.bucket('sample-text').put('data/new.txt', { text: 'new' });
    await buckets.inlineAction('data', 'Refresh');
    await buckets.waitForItem('new.txt');
    assert.deepEqual(
      oss().requests.entries.filter((request) => !isWithin(request, 'data/')),
      [],
    );
  });

  it('a folder below the readable one can be pinned, and both are there after a restart', async () => {
    const before = editor().workbench.tree('Buckets');
    await before.expand('deep');
    await before.contextMenu('inner', 'Pin');
    await before.collapse('data');
    await before.waitForDescription('inner', 'sample-text/data/deep');
    await editor().restart('orderly');
    const { workbench } = editor();
    await workbench.openContainer('OSS Downloader');
    const buckets = workbench.tree('Buckets');
    await buckets.waitForDescription('data', 'sample-text');
    await buckets.waitForDescription('inner', 'sample-text/data/deep');
    await buckets.contextMenu('inner', 'Unpin');
    await buckets.item('inner').waitFor({ state: 'hidden' });
    await buckets.expand('data');
    await buckets.waitForItem('new.txt');
    await buckets.contextMenu('data', 'Download');
    await workbench.notifications.waitFor('Downloaded 5 objects');
    assert.equal(readFileSync(path.join(editor().homeFolder, 'downloads/data/deep/inner/x.txt'), 'utf8'), 'x');
    assert.deepEqual(secretsOnDisk(editor(), [user.accessKeyId, user.accessKeySecret]), []);
  });
});

/** Whether the request is for a key below the prefix, or a listing of it. */
function isWithin({ key, target }: LoggedRequest, prefix: string): boolean {
  return (key ?? new URLSearchParams(target.split('?')[1]).get('prefix') ?? '').startsWith(prefix);
}
