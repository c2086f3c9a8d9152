import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { waitFor } from '../../scripts/support/waitFor.ts';
import { awkwardKeys } from '../server/sampleData.ts';
import { withoutAsking } from './support/largeDownload.ts';
import { signedIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';

const count = 2500;

describe('downloading folders', () => {
  const oss = useOssServer();
  const editor = useEditor(() => signedIn(oss().url, withoutAsking));
  const downloads = (...names: string[]): string => path.join(editor().homeFolder, 'downloads', ...names);
  /** Contents of all files below, sorted. */
  const contents = (...names: string[]): string[] =>
    readdirSync(downloads(...names), { recursive: true, encoding: 'utf8' })
      .map((name) => downloads(...names, name))
      .filter((file) => statSync(file).isFile())
      .map((file) => readFileSync(file, 'utf8'))
      .sort();
  const finished = (): number => (existsSync(downloads('2500-files')) ? readdirSync(downloads('2500-files')).filter((name) => name.endsWith('.txt')).length : 0);

  beforeEach(() => rmSync(downloads(), { recursive: true, force: true }));

  it('downloads a folder of 2,500 from the tree, stopped and restarted on the way, and fetches nothing twice but what was under way', async function () {
    this.timeout(400_000);
    const { workbench } = editor();
    await workbench.openContainer('OSS Downloader');
    const buckets = workbench.tree('Buckets');
    await buckets.expand('sample-folders');
    await buckets.inlineAction('2500-files', 'Download');
    await waitFor('some files', () => finished() > 200, { limitMs: 60_000 });
    await editor().screenshot('downloading folders - under way');
    await workbench.notifications.click('Downloading 2500-files', 'Cancel');
    await workbench.notifications.waitFor('Stopped at');
    await waitFor('the row', async () => /^Paused at \d+ files/.test(await workbench.tree('Downloads').description('2500-files')));
    await workbench.notifications.click('Stopped at', 'Resume');
    const before = finished();
    await waitFor('more files', () => finished() > before + 200, { limitMs: 60_000 });
    await editor().restart('powerCut');
    await editor().workbench.notifications.click(/Resume 1 download/, 'Resume');
    await editor().workbench.notifications.waitFor(`Downloaded ${count} objects`, 180_000);
    assert.deepEqual(contents('2500-files'), Array.from({ length: count }, (_, number) => `file ${number}\n`).sort());
    const reads = oss().requests.entries.filter(({ method, key }) => method === 'GET' && key !== undefined).map(({ key }) => key);
    assert.ok(reads.length - new Set(reads).size <= 2 * 8, `${reads.length - new Set(reads).size} were fetched twice`);
    assert.equal(new Set(reads).size, count);
  });

  it('downloads a bucket of awkward names by its path, and leaves the destination alone', async () => {
    const { workbench } = editor();
    await workbench.notifications.clearAll();
    await workbench.runCommand('OSS: Download');
    await workbench.quickInput.answer('Choose an object, or type oss://bucket/key', 'oss://sample-awkward/');
    const keys = awkwardKeys.filter((key) => !key.endsWith('/'));
    await workbench.notifications.waitFor(`Downloaded ${keys.length} objects`, 60_000);
    assert.deepEqual(contents('sample-awkward'), keys.map((key) => (key === 'empty.bin' ? '' : `content of ${JSON.stringify(key)}\n`)).sort());
    assert.deepEqual(readdirSync(downloads()), ['sample-awkward']);
    assert.ok(statSync(downloads('sample-awkward', 'folder')).isDirectory());
    assert.ok(!existsSync(downloads('sample-awkward', '.git')));
  });
});
