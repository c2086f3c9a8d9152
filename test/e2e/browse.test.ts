import assert from 'node:assert/strict';
import { startOssServer } from '../server/ossServer.ts';
import type { OssServer } from '../server/ossServer.ts';
import { defaultUser } from '../server/users.ts';
import { useEditor } from './support/useEditor.ts';

describe('browsing', () => {
  let oss: OssServer;
  before(async () => {
    oss = await startOssServer({ buckets: { photos: {} } });
    oss.store.bucket('photos').put('readme.txt', { text: 'hello' });
    oss.store.bucket('photos').put('summer/sea.txt', { text: 'waves' });
  });
  after(() => oss.close());

  const editor = useEditor(() => ({
    settings: { 'ossDownloader.profiles': [{ name: 'local', endpoint: oss.url, region: 'cn-hangzhou', credentials: 'environment' }] },
    env: { OSS_ACCESS_KEY_ID: defaultUser.accessKeyId, OSS_ACCESS_KEY_SECRET: defaultUser.accessKeySecret },
  }));

  it('shows the buckets of a profile, their folders and objects in the order of their keys', async () => {
    const { workbench } = editor();
    await workbench.openContainer('OSS Downloader');
    const buckets = workbench.tree('Buckets');
    await buckets.expand('photos');
    await buckets.waitForItem('readme.txt');
    assert.deepEqual(await buckets.labels(), ['photos', 'readme.txt', 'summer']);
    assert.match(await buckets.description('readme.txt'), /^5 B/);
  });
});
