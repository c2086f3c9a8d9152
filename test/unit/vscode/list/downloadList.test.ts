import assert from 'node:assert/strict';
import { Downloads } from '../../../../src/vscode/list/downloadList.ts';
import { statusOf } from '../../../../src/vscode/list/row.ts';
import { FakeService } from '../support/fakeService.ts';
import { batch, download, running } from '../support/snapshots.ts';

describe('Downloads', () => {
  it('the engine starts once, on first use', async () => {
    let made = 0;
    const downloads = new Downloads((listener) => {
      made += 1;
      return new FakeService().start(listener);
    });
    assert.deepEqual(downloads.all, []);
    assert.equal(made, 0);
    await Promise.all([downloads.start(), downloads.start()]);
    assert.equal(made, 1);
  });

  it('downloads of earlier sessions are shown, changes followed, and removed ones forgotten', async () => {
    const service = new FakeService();
    service.downloads = [download({ kind: 'paused' })];
    const downloads = new Downloads((listener) => service.start(listener));
    const changes: (string | undefined)[] = [];
    downloads.onDidChange((id) => changes.push(id));
    await downloads.start();
    service.changed.fire(download(running));
    assert.equal(downloads.find('one')?.state.kind, 'running');
    service.removed.fire('one');
    assert.deepEqual(downloads.all, []);
    assert.deepEqual(changes, [undefined, 'one', 'one']);
  });

  it('a failed start is retried', async () => {
    const broken = new FakeService();
    broken.ready = Promise.reject(new Error('disk'));
    const services = [broken, new FakeService()];
    const downloads = new Downloads((listener) => services.shift()!.start(listener));
    await assert.rejects(downloads.start(), /disk/);
    await downloads.start();
  });

  it('a request after the engine died starts a new engine with the downloads on disk', async () => {
    const [first, second] = [new FakeService(), new FakeService()];
    first.downloads = [download(running), download({ kind: 'completed', verified: 'size' }, { id: 'never on disk' })];
    second.downloads = [download({ kind: 'interrupted' })];
    const services = [first, second];
    const downloads = new Downloads((listener) => services.shift()!.start(listener));
    await downloads.start();
    first.died.fire(undefined);
    assert.equal(services.length, 1);
    assert.equal(downloads.find('one')?.state.kind, 'interrupted');
    assert.equal(await downloads.start(), second);
    assert.deepEqual(
      downloads.all.map(({ id }) => id),
      ['one'],
    );
    await downloads.shutdown();
    assert.deepEqual([first.ended, second.ended], [false, true]);
  });

  it('a dead engine leaves active downloads interrupted, and the others unchanged', async () => {
    const service = new FakeService();
    service.downloads = [download(running, { bytesPerSecond: 100 }), download({ kind: 'paused' }, { id: 'two' })];
    service.batches.all = [batch(), batch({ id: 'done', state: { kind: 'finished' }, bytesPerSecond: 0 })];
    const downloads = new Downloads((listener) => service.start(listener));
    await downloads.start();
    const changes: (string | undefined)[] = [];
    downloads.onDidChange((id) => changes.push(id));
    service.died.fire(undefined);
    assert.deepEqual(
      downloads.all.map((row) => [row.id, statusOf(row), row.bytesPerSecond]),
      [
        ['one', 'interrupted', 0],
        ['two', 'paused', 0],
        ['batch', 'interrupted', 0],
        ['done', 'completed', 0],
      ],
    );
    assert.deepEqual(changes, ['one', 'batch']);
  });

  it('events that the engine reports while it starts keep their order', async () => {
    const service = new FakeService();
    const downloads = new Downloads((listener) => {
      listener.ready({ downloads: [download({ kind: 'paused' })], batches: [] });
      listener.changed([download(running)]);
      return service;
    });
    await downloads.start();
    assert.equal(downloads.find('one')?.state.kind, 'running');
  });

  it('the engine ends with the window, and none is started afterwards', async () => {
    const service = new FakeService();
    const downloads = new Downloads((listener) => service.start(listener));
    await downloads.start();
    await downloads.shutdown();
    assert.equal(service.ended, true);
    await assert.rejects(
      new Downloads((listener) => service.start(listener)).shutdown().then(() => downloads.start()),
      { name: 'AbortError' },
    );
  });
});
