import assert from 'node:assert/strict';
import { silentLogger } from '../../../support/silentLogger.ts';
import type { DownloadState } from '../../../../src/download/downloadState.ts';
import type { DownloadSnapshot } from '../../../../src/download/model.ts';
import { Downloads } from '../../../../src/vscode/list/downloadList.ts';
import { UrlDownloads } from '../../../../src/vscode/start/urlDownloads.ts';
import { UrlVault } from '../../../../src/vscode/profiles/secrets.ts';
import { FakeService } from '../support/fakeService.ts';
import { MemoryBox } from '../support/memoryBox.ts';
import { download, running } from '../support/snapshots.ts';

const url = 'https://host/file?Signature=secret';
const waiting: DownloadState = { kind: 'waiting', reason: 'url' };
const completed: DownloadState = { kind: 'completed', verified: 'size' };
const fromUrl = (state: DownloadState, id = 'one'): DownloadSnapshot =>
  download(state, { id, label: 'https://host/file' });

describe('UrlDownloads', () => {
  async function rig(earlier: readonly DownloadSnapshot[] = []) {
    const service = new FakeService();
    service.downloads = earlier;
    const box = new MemoryBox();
    const downloads = new Downloads((listener) => service.start(listener));
    const told: string[] = [];
    const vault = new UrlVault(box, silentLogger);
    for (const { id } of earlier) {
      await vault.save(id, url);
    }
    const urls = new UrlDownloads(downloads, vault, { onWaiting: ({ id }) => told.push(id) });
    await downloads.start();
    return { service, box, vault, urls, told };
  }

  it('a signed URL is kept while its download is unfinished, and then deleted', async () => {
    const { service, box, vault, urls } = await rig();
    service.changed.fire(fromUrl(running));
    await urls.keep('one', url);
    assert.equal(await vault.load('one'), url);
    service.changed.fire(fromUrl(completed));
    assert.equal(box.kept.size, 0);
  });

  it('the URL of a cancelled or removed download is deleted', async () => {
    const { service, box, urls } = await rig();
    service.changed.fire(fromUrl(running));
    await urls.keep('one', url);
    service.removed.fire('one');
    assert.equal(box.kept.size, 0);
  });

  it('a URL without a query, or whose file exists already, is not kept', async () => {
    const { service, box, urls } = await rig();
    service.changed.fire(fromUrl(running));
    await urls.keep('one', 'https://host/file');
    service.changed.fire(fromUrl(completed));
    await urls.keep('one', url);
    assert.equal(box.kept.size, 0);
  });

  it('URLs of downloads that ended while no window was open are deleted at the start', async () => {
    const { box } = await rig([fromUrl(completed, 'done'), fromUrl({ kind: 'interrupted' }, 'open')]);
    assert.deepEqual([...box.kept.keys()], ['url:open']);
  });

  it('a wait for a URL is reported once, and again if it occurs again', async () => {
    const { service, told } = await rig();
    for (const state of [running, waiting, waiting, running, waiting]) {
      service.changed.fire(fromUrl(state));
    }
    service.changed.fire(download({ kind: 'waiting', reason: 'network' }, { id: 'oss' }));
    assert.deepEqual(told, ['one', 'one']);
  });

  it('a new URL is passed to the engine, kept, and continues the download', async () => {
    const { service, vault, urls } = await rig();
    const calls: string[] = [];
    service.replaceUrl = (id?: string, given?: string) => Promise.resolve(void calls.push(`replace ${id} ${given}`));
    service.resume = (id?: string) => Promise.resolve(void calls.push(`resume ${id}`));
    service.changed.fire(fromUrl(waiting));
    await urls.replace('one', url);
    assert.deepEqual(calls, [`replace one ${url}`, 'resume one']);
    assert.equal(await vault.load('one'), url);
  });
});

describe('UrlVault', () => {
  it('a URL is kept in this window if secret storage fails, and never logged', async () => {
    const box = new MemoryBox();
    const logged: string[] = [];
    const vault = new UrlVault(box, { log: (_level, message) => logged.push(message) });
    box.isBroken = true;
    await vault.save('one', url);
    assert.equal(await vault.load('one'), url);
    assert.equal(await vault.load('two'), undefined);
    await vault.remove('one');
    assert.equal(await vault.load('one'), undefined);
    assert(logged.length > 0 && !logged.join().includes('Signature'));
  });
});
