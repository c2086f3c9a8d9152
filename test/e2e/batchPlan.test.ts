import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withoutAsking } from './support/largeDownload.ts';
import { signedIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';

describe('confirmation before a batch', () => {
  const oss = useOssServer();
  const editor = useEditor(() => signedIn(oss().url, withoutAsking));
  const downloads = (...names: string[]): string => path.join(editor().homeFolder, 'downloads', ...names);
  const download = async (ossPath: string): Promise<void> => {
    await editor().workbench.runCommand('OSS: Download');
    await editor().workbench.quickInput.answer('Choose an object, or type oss://bucket/key', ossPath);
  };

  beforeEach(async () => {
    rmSync(downloads(), { recursive: true, force: true });
    await editor().workbench.notifications.clearAll();
  });

  it('one question names existing and archived files, and the batch follows the answer', async () => {
    const { workbench } = editor();
    const archive = oss().store.bucket('sample-archive');
    archive.put('mixed/warm.txt', { text: 'new' }, { storageClass: 'Standard' });
    archive.put('mixed/frozen.txt', { text: 'frozen' });
    mkdirSync(downloads('mixed'), { recursive: true });
    writeFileSync(downloads('mixed', 'warm.txt'), 'before');
    await download('oss://sample-archive/mixed/');
    assert.match(
      await workbench.dialog.text(),
      /Files already there: 1; not the same as in OSS: 1\.\s+Archived objects: 1\./,
    );
    await editor().screenshot('the plan before a batch - what is in the way');
    await workbench.dialog.click('Download 2 objects (9 B) to downloads?', 'Replace Changed');
    assert.match(
      await workbench.notifications.waitFor('Archived objects left out: 1.'),
      /^Downloaded 1 object \(3 B\)/,
    );
    assert.deepEqual(readdirSync(downloads('mixed')), ['warm.txt']);
    assert.equal(readFileSync(downloads('mixed', 'warm.txt'), 'utf8'), 'new');
  });

  it('nothing begins if the question or the survey is cancelled', async () => {
    const { workbench } = editor();
    await download('oss://sample-folders/2500-files/');
    await editor().workbench.dialog.box.waitFor();
    await editor().screenshot('the plan before a batch - many objects');
    await workbench.dialog.click('Download 2,500 objects (23.3 KB) to downloads?', 'Cancel');
    oss().faults.add({ match: { bucket: 'sample-folders' }, action: { kind: 'delay', ms: 60_000 } });
    await download('oss://sample-folders/2500-files/');
    await workbench.notifications.click('Looking at oss://sample-folders/2500-files/', 'Cancel');
    await workbench.notifications.waitUntilGone('Looking at');
    assert.equal(await workbench.dialog.box.isVisible(), false);
    assert.equal(existsSync(downloads()), false);
    assert.deepEqual(
      oss().requests.entries.filter(({ bucket, key }) => bucket === 'sample-folders' && key !== undefined),
      [],
    );
  });
});
