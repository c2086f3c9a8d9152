import assert from 'node:assert/strict';
import { ChangeFeed } from '../../../../src/download/worker/changeFeed.ts';
import { until } from '../../../support/poll.ts';
import { download } from '../../vscode/support/snapshots.ts';

describe('ChangeFeed', () => {
  it('sends the newest of each download together, a moment later', async () => {
    const sent: string[][] = [];
    const feed = new ChangeFeed(
      (downloads) => sent.push(downloads.map(({ id, state }) => `${id} ${state.kind}`)),
      () => assert.fail(),
    );
    feed.update(download({ kind: 'queued' }, { id: 'a' }));
    feed.update(download({ kind: 'queued' }, { id: 'b' }));
    feed.update(download({ kind: 'paused' }, { id: 'a' }));
    assert.deepEqual(sent, []);
    await until('the news', () => sent.length > 0);
    assert.deepEqual(sent, [['a paused', 'b queued']]);
  });

  it('sends at once when asked, and nothing twice', () => {
    const sent: string[][] = [];
    const feed = new ChangeFeed(
      (downloads) => sent.push(downloads.map(({ id }) => id)),
      () => assert.fail(),
    );
    feed.update(download({ kind: 'queued' }, { id: 'b' }));
    feed.flush();
    feed.flush();
    assert.deepEqual(sent, [['b']]);
  });

  it('says that a download is gone where it was told of, and else nothing of it', () => {
    const sent: unknown[] = [];
    const feed = new ChangeFeed(
      (downloads) => sent.push(downloads.map(({ id }) => id)),
      (ids) => sent.push({ gone: ids }),
    );
    feed.markSent([download({ kind: 'queued' }, { id: 'there before' })]);
    feed.update(download({ kind: 'queued' }, { id: 'a' }));
    feed.flush();
    feed.update(download({ kind: 'queued' }, { id: 'b' }));
    feed.update(download({ kind: 'paused' }, { id: 'a' }));
    ['there before', 'a', 'b', 'a'].forEach((id) => feed.remove(id));
    feed.flush();
    assert.deepEqual(sent, [['a'], { gone: ['there before', 'a'] }]);
  });
});
