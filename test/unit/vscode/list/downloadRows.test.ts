import assert from 'node:assert/strict';
import type { DownloadState } from '../../../../src/download/downloadState.ts';
import { badge, renderRow, listFacts, RenderedRows, RenderedIds } from '../../../../src/vscode/list/downloadRows.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';
import { download, running } from '../support/snapshots.ts';

const failed: DownloadState = {
  kind: 'failed',
  canResume: true,
  error: { code: 'server/failed', message: 'no', retryable: true, details: {} },
};
const completed: DownloadState = { kind: 'completed', verified: 'crc64' };
const row = (state: DownloadState, label = 'oss://bucket/report.csv') =>
  renderRow(download(state, { label }), plainL10n);

describe('rows of the Downloads view', () => {
  const contexts: readonly (readonly [DownloadState, string])[] = [
    [{ kind: 'queued' }, 'download pausable queued cancellable'],
    [running, 'download pausable cancellable'],
    [{ kind: 'waiting', reason: 'network' }, 'download pausable cancellable'],
    [{ kind: 'paused' }, 'download resumable cancellable'],
    [{ kind: 'interrupted' }, 'download resumable cancellable'],
    [failed, 'download failed cancellable'],
    [completed, 'download removable completed'],
  ];
  for (const [state, context] of contexts) {
    it(`a row in state ${state.kind} offers only matching actions`, () => assert.equal(row(state).context, context));
  }

  it('only an unfinished download from a URL offers another URL', () => {
    const url = 'https://host/report.csv';
    assert.equal(
      row({ kind: 'waiting', reason: 'url' }, url).context,
      'download pausable cancellable fromUrl needsUrl',
    );
    assert.equal(row({ kind: 'paused' }, url).context, 'download resumable cancellable fromUrl');
    assert.equal(row(completed, url).context, 'download removable completed');
  });

  it('a row tells its state to screen readers', () => {
    assert.equal(row(completed).spoken, 'report.csv, completed, 1000 B');
    assert.equal(row(running).spoken, 'report.csv, downloading, 50%');
    assert.equal(row({ kind: 'paused' }).spoken, 'report.csv, Paused at 50%');
  });
});

describe('badge of the Downloads view', () => {
  const of = (...states: readonly DownloadState[]) =>
    badge(listFacts(states.map((state) => download(state))), plainL10n);

  it('the badge counts active and failed downloads, and its tooltip tells them apart', () => {
    assert.deepEqual(of(running, { kind: 'queued' }, failed, completed, { kind: 'paused' }), {
      value: 3,
      tooltip: '2 active downloads, 1 failed download',
    });
    assert.deepEqual(of(failed, failed), { value: 2, tooltip: '2 failed downloads' });
    assert.deepEqual(of(running), { value: 1, tooltip: '1 active download' });
  });

  it('the badge is hidden if no download needs attention', () => {
    assert.equal(of(completed, { kind: 'paused' }), undefined);
  });
});

describe('ten thousand rows', () => {
  const all = Array.from({ length: 10_000 }, (_, index) =>
    download({ kind: 'queued' }, { id: String(index), path: `/home/me/${index}` }),
  );
  const rows = new RenderedRows();
  before(() => all.forEach((each) => rows.markRendered(each.id, renderRow(each, plainL10n))));

  it('only rows that look different are redrawn', () => {
    const later = all.map((each, index) =>
      index < 3 ? { ...each, state: running } : index < 6 ? { ...each, bytesDone: each.bytesDone + 1 } : each,
    );
    const redrawn = later.filter((each) => !rows.isSame(each.id, renderRow(each, plainL10n)));
    assert.deepEqual(
      redrawn.map(({ id }) => id),
      ['0', '1', '2'],
    );
  });

  it('a row that is not shown needs no redraw', () => {
    rows.forget('7');
    assert.equal(rows.isSame('7', row(failed)), true);
  });

  it('the list of rows is read again only if rows are added, removed or reordered', () => {
    const list = new RenderedIds();
    const told = [[], ['a'], ['a'], ['b', 'a'], ['b', 'a'], ['a', 'b'], ['b'], ['c']].map((ids) => list.update(ids));
    assert.deepEqual(told, [false, true, false, true, false, true, true, true]);
    assert.deepEqual(
      ['a', 'b', 'c'].map((id) => list.has(id)),
      [false, false, true],
    );
  });

  it('ten thousand rows are counted in one pass', () => {
    let looks = 0;
    const counted = new Proxy(all, {
      get: (target, name, receiver) => {
        looks += typeof name === 'string' && /^\d+$/.test(name) ? 1 : 0;
        return Reflect.get(target, name, receiver) as unknown;
      },
    });
    assert.deepEqual(listFacts(counted), { count: 10_000, active: 10_000, failed: 0, resumable: 0, final: 0 });
    assert.equal(looks, 10_000);
  });
});
