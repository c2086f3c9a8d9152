import assert from 'node:assert/strict';
import { ChangeFeed } from '../../../../src/download/worker/changeFeed.ts';
import { until } from '../../../support/poll.ts';
import { download } from '../../vscode/support/snapshots.ts';

describe('ChangeFeed', () => {
  it('the newest state of each download is sent together with the others, after a short delay', async () => {
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

  it('a flush sends at once, and nothing twice', () => {
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

  it('a removal is sent only for a download that was sent before', () => {
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
