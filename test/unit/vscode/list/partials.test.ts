import assert from 'node:assert/strict';
import path from 'node:path';
import type { DownloadState } from '../../../../src/download/downloadState.ts';
import { partPathOf } from '../../../../src/download/files/partPath.ts';
import { downloadOfPartial, mayOfferCleaning, oldPartials } from '../../../../src/vscode/list/partials.ts';
import { download, running } from '../support/snapshots.ts';

const dayMs = 86_400_000;
const nowMs = 1000 * dayMs;

describe('unfinished file in the explorer', () => {
  const file = path.resolve('/home/me/report.csv');

  it('an unfinished file belongs to the download that writes it, even if its name was shortened', () => {
    const long = path.resolve('/home/me', 'x'.repeat(250));
    const all = [
      download({ kind: 'paused' }, { id: 'a', path: file }),
      download({ kind: 'paused' }, { id: 'b', path: long }),
    ];
    assert.equal(downloadOfPartial(all, `${file}.ossdownload`)?.id, 'a');
    assert.equal(downloadOfPartial(all, partPathOf(long))?.id, 'b');
  });

  it('an unfinished file has no owner once its download is finished or gone', () => {
    assert.equal(
      downloadOfPartial([download({ kind: 'completed', verified: 'size' }, { path: file })], `${file}.ossdownload`),
      undefined,
    );
    assert.equal(downloadOfPartial([], `${file}.ossdownload`), undefined);
  });
});

describe('offer to clean up unfinished downloads', () => {
  const idle = (state: DownloadState, days: number) => download(state, { idleSinceMs: nowMs - days * dayMs });

  it('the offer covers downloads that stopped long ago and were not touched since', () => {
    const all = [
      idle({ kind: 'paused' }, 15),
      idle({ kind: 'interrupted' }, 30),
      idle({ kind: 'paused' }, 13),
      idle(running, 30),
      download({ kind: 'paused' }),
    ];
    assert.deepEqual(oldPartials(all, 14, nowMs), all.slice(0, 2));
  });

  it('the offer is off if the setting is 0', () => {
    assert.deepEqual(oldPartials([idle({ kind: 'paused' }, 1000)], 0, nowMs), []);
  });

  it('the offer pauses for the time of the setting after the user kept everything', () => {
    assert.deepEqual(
      [undefined, nowMs - 13 * dayMs, nowMs - 15 * dayMs].map((keptMs) => mayOfferCleaning(keptMs, 14, nowMs)),
      [true, false, true],
    );
  });
});
