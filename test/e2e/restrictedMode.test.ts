import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { waitFor } from '../../scripts/support/waitFor.ts';
import { withoutAsking } from './support/largeDownload.ts';
import { signedIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';

const elsewhere = '/tmp/oss-downloader-a-workspace-chose-this';
const mark = '/tmp/oss-downloader-a-program-has-run';

describe('an untrusted workspace', () => {
  const oss = useOssServer();
  const editor = useEditor(() => {
    const { settings = {}, ...options } = signedIn(oss().url, withoutAsking);
    const program = {
      name: 'program',
      endpoint: oss().url,
      region: 'cn-hangzhou',
      credentials: { from: 'process', command: `touch ${mark}` },
    };
    return {
      ...options,
      settings: {
        ...settings,
        'ossDownloader.profiles': [...(settings['ossDownloader.profiles'] as readonly unknown[]), program],
      },
      restrictedWorkspace: {
        'ossDownloader.download.directory': elsewhere,
        'ossDownloader.download.conflict': 'overwrite',
      },
    };
  });

  it('an untrusted workspace can browse and download, but not choose where to', async () => {
    const { workbench } = editor();
    await workbench.statusBarItem('status.workspaceTrust').waitFor();
    await workbench.openContainer('OSS Downloader');
    const buckets = workbench.tree('Buckets');
    await buckets.expand('local');
    await buckets.expand('sample-text');
    await buckets.inlineAction('readme.txt', 'Download');
    await workbench.notifications.waitFor('Downloaded readme.txt (59 B).');
    assert.match(readFileSync(path.join(editor().homeFolder, 'downloads/readme.txt'), 'utf8'), /local OSS server/);
    assert.ok(!existsSync(elsewhere));
  });

  it('an untrusted workspace runs no program for a key, and says so', async () => {
    const { workbench } = editor();
    const buckets = workbench.tree('Buckets');
    await buckets.expand('program');
    await waitFor(
      'the refusal',
      async () => (await buckets.labels()).some((label) => label.includes('in Restricted Mode no command runs')),
      { limitMs: 30_000 },
    );
    assert.ok(!existsSync(mark));
  });
});
