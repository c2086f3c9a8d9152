import assert from 'node:assert/strict';
import { ChangeFeed } from '../../../src/download/worker/changeFeed.ts';
import { until } from '../../support/poll.ts';
import { download } from '../vscode/snapshots.ts';

describe('ChangeFeed', () => {
  it('sends the newest of each download together, a moment later', async () => {
    const sent: string[][] = [];
    const feed = new ChangeFeed((downloads) => sent.push(downloads.map(({ id, state }) => `${id} ${state.kind}`)));
    feed.tell(download({ kind: 'queued' }, { id: 'a' }));
    feed.tell(download({ kind: 'queued' }, { id: 'b' }));
    feed.tell(download({ kind: 'paused' }, { id: 'a' }));
    assert.deepEqual(sent, []);
    await until('the news', () => sent.length > 0);
    assert.deepEqual(sent, [['a paused', 'b queued']]);
  });

  it('sends at once when asked, nothing of what is gone, and nothing twice', () => {
    const sent: string[][] = [];
    const feed = new ChangeFeed((downloads) => sent.push(downloads.map(({ id }) => id)));
    feed.tell(download({ kind: 'queued' }, { id: 'a' }));
    feed.tell(download({ kind: 'queued' }, { id: 'b' }));
    feed.drop('a');
    feed.flush();
    feed.flush();
    assert.deepEqual(sent, [['b']]);
  });
});
