import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { waitFor } from '../../scripts/support/waitFor.ts';
import { formatCount } from '../../src/base/format.ts';
import { awkwardFolder, awkwardKeys } from '../server/objects/sampleData.ts';
import { withoutAsking } from './support/largeDownload.ts';
import { signedIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';

const count = 2500;
/** Number of small downloads that run at once: three per connection. */
const underWay = 48;

describe('downloading folders', function () {
  this.timeout(400_000);
  const oss = useOssServer();
  const awkward = awkwardFolder('all/', count);
  before(() => {
    const bucket = oss().store.addBucket('sample-all-awkward');
    awkward.forEach((text, key) => bucket.put(key, { text }));
  });
  const editor = useEditor(() => signedIn(oss().url, withoutAsking));
  const downloads = (...names: string[]): string => path.join(editor().homeFolder, 'downloads', ...names);
  /** Absolute paths of all files below, finished or not. */
  const files = (...names: string[]): readonly string[] =>
    existsSync(downloads(...names))
      ? readdirSync(downloads(...names), { recursive: true, encoding: 'utf8' })
          .map((name) => downloads(...names, name))
          .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true)
      : [];
  const finished = (): number => files().filter((name) => !name.endsWith('.ossdownload')).length;
  const hasMoreThan = (number: number): Promise<true> =>
    waitFor(`more than ${number} files`, () => finished() > number, { limitMs: 120_000 });
  const batchSays = (name: string, text: RegExp): Promise<void> =>
    editor().workbench.tree('Downloads').waitForDescription(name, text, 60_000);

  beforeEach(() => rmSync(downloads(), { recursive: true, force: true }));

  it('a folder of 2,500 awkward names is downloaded whole despite a cancel and restarts, without repeats', async () => {
    const { workbench } = editor();
    await workbench.openContainer('OSS Downloader');
    const buckets = workbench.tree('Buckets');
    await buckets.expand('sample-all-awkward');
    await buckets.inlineAction('all', 'Download');
    assert.match(
      await workbench.dialog.text(),
      /Names that some system cannot hold: [\d,]+\. Their files are named with %XX\.$/,
    );
    await editor().screenshot('downloading folders - the plan');
    await workbench.dialog.click(/Download 2,\d{3} objects \(.*\) to downloads\?/, 'Download');
    await hasMoreThan(200);
    await editor().screenshot('downloading folders - under way');
    await workbench.notifications.click('Downloading all', 'Cancel');
    await workbench.notifications.waitFor('Stopped at');
    await batchSays('all', /^Paused at [\d,]+ files/);
    await workbench.notifications.click('Stopped at', 'Resume');
    for (const how of ['orderly', 'powerCut'] as const) {
      await hasMoreThan(finished() + 200);
      await editor().restart(how);
      await editor().workbench.notifications.click(/Resume 1 download/, 'Resume');
    }
    const expected = [...awkward].filter(([key]) => !key.endsWith('/')).map(([, text]) => text);
    await editor().workbench.notifications.waitFor(`Downloaded ${formatCount(expected.length)} objects`, 180_000);
    assert.deepEqual(
      files('all')
        .map((file) => readFileSync(file, 'utf8'))
        .sort(),
      expected.sort(),
    );
    const markers = [...awkward.keys()].filter((key) => key.endsWith('/'));
    assert.deepEqual(
      markers.filter((key) => !existsSync(downloads(key))),
      [],
    );
    assert.deepEqual(readdirSync(downloads()), ['all']);
    const reads = oss()
      .requests.entries.filter(({ method, key }) => method === 'GET' && key !== undefined)
      .map(({ key }) => key);
    const twice = reads.length - new Set(reads).size;
    console.log(`      ${twice} were fetched twice`);
    assert.ok(twice <= 3 * underWay, `${twice} were fetched twice`);
    assert.equal(new Set(reads).size, expected.length);
  });

  it('a bucket of awkward names is downloaded by its path, without touching other files', async () => {
    const { workbench } = editor();
    await workbench.notifications.clearAll();
    await workbench.runCommand('OSS: Download');
    await workbench.quickInput.answer('Choose an object, or type oss://bucket/key', 'oss://sample-awkward/');
    const keys = awkwardKeys.filter((key) => !key.endsWith('/'));
    await workbench.notifications.waitFor(`Downloaded ${formatCount(keys.length)} objects`, 60_000);
    assert.deepEqual(
      files('sample-awkward')
        .map((file) => readFileSync(file, 'utf8'))
        .sort(),
      keys.map((key) => (key === 'empty.bin' ? '' : `content of ${JSON.stringify(key)}\n`)).sort(),
    );
    assert.deepEqual(readdirSync(downloads()), ['sample-awkward']);
    assert.ok(statSync(downloads('sample-awkward', 'folder')).isDirectory());
    assert.ok(!existsSync(downloads('sample-awkward', '.git')));
  });

  it('a folder download pauses for a minute without network, and continues by itself without a failure', async () => {
    const { workbench } = editor();
    await workbench.notifications.clearAll();
    await workbench.openContainer('OSS Downloader');
    await workbench.runCommand('OSS: Download');
    await workbench.quickInput.answer('Choose an object, or type oss://bucket/key', 'oss://sample-folders/2500-files/');
    await workbench.dialog.click('Download 2,500 objects (23.3 KB) to downloads?', 'Download');
    await hasMoreThan(300);
    oss().restart(60_000);
    await batchSays('2500-files', / · waiting for the network$/);
    const before = finished();
    await editor().screenshot('downloading folders - the network is away');
    await workbench.notifications.waitFor(`Downloaded ${formatCount(count)} objects`, 240_000);
    assert.ok(before < count);
    assert.deepEqual(
      files('2500-files')
        .map((file) => readFileSync(file, 'utf8'))
        .sort(),
      Array.from({ length: count }, (_, number) => `file ${number}\n`).sort(),
    );
    await workbench.tree('Downloads').waitForDescription('2500-files', `${formatCount(count)} files · 23.3 KB`);
    assert.deepEqual(
      (await workbench.notifications.all()).filter((text) => /fail/i.test(text)),
      [],
    );
  });
});
