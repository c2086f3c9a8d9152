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

  it('keeps a signed URL while its download is unfinished, and nothing of it after that', async () => {
    const { service, box, vault, urls } = await rig();
    service.changed.fire(fromUrl(running));
    await urls.keep('one', url);
    assert.equal(await vault.load('one'), url);
    service.changed.fire(fromUrl(completed));
    assert.equal(box.kept.size, 0);
  });

  it('forgets the URL of a download that is cancelled or removed', async () => {
    const { service, box, urls } = await rig();
    service.changed.fire(fromUrl(running));
    await urls.keep('one', url);
    service.removed.fire('one');
    assert.equal(box.kept.size, 0);
  });

  it('keeps nothing of a URL without a query, nor of one whose file is there already', async () => {
    const { service, box, urls } = await rig();
    service.changed.fire(fromUrl(running));
    await urls.keep('one', 'https://host/file');
    service.changed.fire(fromUrl(completed));
    await urls.keep('one', url);
    assert.equal(box.kept.size, 0);
  });

  it('forgets at the start what ended while no window was open, and keeps the rest', async () => {
    const { box } = await rig([fromUrl(completed, 'done'), fromUrl({ kind: 'interrupted' }, 'open')]);
    assert.deepEqual([...box.kept.keys()], ['url:open']);
  });

  it('tells of a wait for a URL once, and again when it comes again', async () => {
    const { service, told } = await rig();
    for (const state of [running, waiting, waiting, running, waiting]) {
      service.changed.fire(fromUrl(state));
    }
    service.changed.fire(download({ kind: 'waiting', reason: 'network' }, { id: 'oss' }));
    assert.deepEqual(told, ['one', 'one']);
  });

  it('gives the engine the new URL, keeps it, and goes on', async () => {
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
  it('keeps a URL for this window where secret storage fails, and logs nothing of it', async () => {
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
