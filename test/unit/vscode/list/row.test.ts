import assert from 'node:assert/strict';
import type { BatchSnapshot } from '../../../../src/download/batchModel.ts';
import { canGoOn } from '../../../../src/vscode/list/row.ts';
import { Downloads } from '../../../../src/vscode/list/downloadList.ts';
import { statusText } from '../../../../src/vscode/list/statusText.ts';
import { interruptedOf, summarize } from '../../../../src/vscode/list/summary.ts';
import { progressText, rowName, stateText } from '../../../../src/vscode/list/texts.ts';
import { FakeService } from '../support/fakeService.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';
import { batch, download, running } from '../support/snapshots.ts';

const text = (more: Partial<BatchSnapshot>): string => stateText(batch(more), plainL10n);

describe('batch row', () => {
  const cases: readonly (readonly [string, string])[] = [
    [text({}), '4 of 10 files · 50% · 100 B/s · 0:05 left'],
    [text({ isListed: false }), '4 files · 500 B · 100 B/s'],
    [text({ failed: 2, bytesPerSecond: 0 }), '4 of 10 files · 50% · 2 failed'],
    [text({ isWaiting: true, bytesPerSecond: 0 }), '4 of 10 files · 50% · waiting for the network'],
    [text({ state: { kind: 'paused' }, bytesPerSecond: 0 }), 'Paused at 4 of 10 files · 50%'],
    [text({ state: { kind: 'interrupted' }, bytesPerSecond: 0 }), 'Interrupted at 4 of 10 files · 50%'],
    [text({ state: { kind: 'finished' }, done: 10, bytesDone: 1000 }), '10 files · 1000 B'],
    [text({ state: { kind: 'finished' }, found: 1, done: 1, bytesDone: 3 }), '1 file · 3 B'],
    [text({ found: 12_345, done: 1234 }), '1,234 of 12,345 files · 50% · 100 B/s · 0:05 left'],
    [text({ state: { kind: 'finished' }, done: 8, failed: 2 }), '2 of 10 failed'],
    [
      text({ state: { kind: 'finished' }, done: 10, bytesDone: 1000, archived: 3 }),
      '10 files · 1000 B · 3 archived left out',
    ],
    [text({ state: { kind: 'finished' }, done: 8, failed: 2, archived: 3 }), '2 of 10 failed · 3 archived left out'],
  ];
  for (const [said, expected] of cases) {
    it(`the row of a batch says "${expected}"`, () => assert.equal(said, expected));
  }

  it('a batch is named after its last folder, or its bucket', () => {
    assert.equal(rowName(batch()), 'photos');
    assert.equal(rowName(batch({ label: 'oss://b-1/' })), 'b-1');
    assert.equal(rowName(batch({ label: '3 selected items' })), '3 selected items');
    assert.equal(rowName(download(running)), 'report.csv');
  });

  it('a batch can be resumed unless it is running or complete', () => {
    const goesOn = (more: Partial<BatchSnapshot>): boolean => canGoOn(batch(more));
    assert.deepEqual(
      [
        {},
        { state: { kind: 'paused' } as const },
        { state: { kind: 'finished' } as const },
        { state: { kind: 'finished' } as const, failed: 1 },
      ].map(goesOn),
      [false, true, false, true],
    );
  });

  it('the totals count the files of a batch, not the batch itself', () => {
    const rows = [batch({ bytesPerSecond: 0 }), download(running)];
    assert.deepEqual([summarize(rows).count, summarize(rows).completed], [11, 4]);
    assert.equal(progressText(summarize(rows), plainL10n), '4 of 11 files · 50%');
    assert.equal(statusText(rows, plainL10n)?.text, '$(sync~spin) 50%');
  });
});

describe('Downloads with batches', () => {
  const rig = async () => {
    const service = new FakeService();
    service.downloads = [
      download(running, { id: 'part', batch: 'batch' }),
      download({ kind: 'interrupted' }, { id: 'orphan', batch: 'gone' }),
      download({ kind: 'interrupted' }, { id: 'single' }),
    ];
    service.batches.all = [batch({ state: { kind: 'interrupted' } })];
    const downloads = new Downloads((listener) => service.start(listener));
    await downloads.start();
    return { service, downloads };
  };

  it('a batch is one row with its downloads below it, and a download without its batch a row of its own', async () => {
    const { service, downloads } = await rig();
    assert.deepEqual(
      downloads.all.map(({ id }) => id),
      ['orphan', 'single', 'batch'],
    );
    assert.deepEqual(
      downloads.within('batch').map(({ id }) => id),
      ['part'],
    );
    assert.deepEqual(
      interruptedOf(downloads.all).map(({ id }) => id),
      ['orphan', 'single', 'batch'],
    );
    assert.equal(downloads.find('part')?.id, 'part');
    assert.equal(downloads.find('batch'), service.batches.all[0]);
  });

  it('a change of a download in a batch is reported for the batch, which limits redraws', async () => {
    const { service, downloads } = await rig();
    const changes: (string | undefined)[] = [];
    downloads.onDidChange((id) => changes.push(id));
    service.changed.fire(download(running, { id: 'new part', batch: 'batch' }));
    service.batches.changed.fire(batch());
    service.removed.fire('part');
    service.batches.changed.fire(batch({ id: 'another' }));
    service.batches.removed.fire('another');
    assert.deepEqual(changes, ['batch', 'batch', 'batch', undefined, undefined]);
    assert.deepEqual(
      downloads.within('batch').map(({ id }) => id),
      ['new part'],
    );
  });

  it('an action on the row of a batch applies to the whole batch', async () => {
    const { service, downloads } = await rig();
    await downloads.act('pause', 'batch');
    await downloads.act('pause', 'single');
    assert.deepEqual(service.batches.calls, ['pause batch']);
  });
});
