import assert from 'node:assert/strict';
import type { DownloadState } from '../../../../src/download/downloadState.ts';
import { statusText } from '../../../../src/vscode/list/statusText.ts';
import { bytesLeft, summarize } from '../../../../src/vscode/list/summary.ts';
import { failureSentence, fileName, progressText, stateText } from '../../../../src/vscode/list/texts.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';
import { download, running, sizeless } from '../support/snapshots.ts';
import { ProgressSteps } from '../../../../src/vscode/ui/progressSteps.ts';

const failed: DownloadState = {
  kind: 'failed',
  canResume: true,
  error: {
    code: 'auth/accessDenied',
    message: 'no',
    retryable: false,
    details: { subject: 'https://host/bucket/folder/report.csv' },
  },
};
const fast = { bytesPerSecond: 100, remainingMs: 5000 };

describe('download text', () => {
  const cases: readonly (readonly [string, string])[] = [
    [stateText(download(running, fast), plainL10n), '50% · 100 B/s · 0:05 left'],
    [stateText(sizeless(running), plainL10n), '500 B'],
    [stateText(download({ kind: 'running', phase: 'verifying' }), plainL10n), 'Verifying'],
    [stateText(download({ kind: 'running', phase: 'checking' }), plainL10n), 'Checking what is on disk'],
    [stateText(download({ kind: 'queued' }), plainL10n), 'Waiting its turn'],
    [stateText(download({ kind: 'paused' }), plainL10n), 'Paused at 50%'],
    [stateText(download({ kind: 'interrupted' }), plainL10n), 'Interrupted at 50%'],
    [stateText(download({ kind: 'waiting', reason: 'network' }), plainL10n), '50% · waiting for the network'],
    [stateText(download({ kind: 'completed', verified: 'crc64' }), plainL10n), '1000 B'],
  ];
  for (const [text, expected] of cases) {
    it(`a download is described as "${expected}"`, () => assert.equal(text, expected));
  }

  it('a failed download names its object, not a URL', () => {
    assert.match(
      failureSentence(download(failed), plainL10n),
      /^Access to oss:\/\/bucket\/folder\/report\.csv is denied/,
    );
  });

  it('the file name is found with either path separator', () => {
    assert.deepEqual([fileName('/a/b.txt'), fileName('C:\\a\\b.txt')], ['b.txt', 'b.txt']);
  });
});

describe('batch text', () => {
  it('the text of a batch counts complete downloads and sums up the rest', () => {
    const batch = [
      download({ kind: 'completed', verified: 'crc64' }, { bytesDone: 1000 }),
      download(running, fast),
      download({ kind: 'paused' }),
    ];
    assert.equal(progressText(summarize(batch), plainL10n), '1 of 3 files · 75% · 100 B/s · 0:05 left');
  });

  it('the text of a batch shows bytes if a size is unknown', () => {
    assert.equal(progressText(summarize([sizeless(running)]), plainL10n), '500 B');
  });

  it('the text of a batch shows how much is left', () => {
    assert.equal(
      bytesLeft([
        download({ kind: 'interrupted' }),
        download({ kind: 'interrupted' }),
        sizeless({ kind: 'interrupted' }),
      ]),
      1000,
    );
  });
});

describe('ProgressSteps', () => {
  it('the progress steps add up to 100 and never go back, however the percentage jumps', () => {
    const steps = new ProgressSteps();
    const increments = [0, 10.7, 5, 10, 60, 40, 100, 100, 120].map((percent) => steps.next(percent));
    assert(increments.every((increment) => increment >= 0));
    assert.equal(
      increments.reduce((sum, each) => sum + each, 0),
      100,
    );
  });
});

describe('status bar', () => {
  it('the status bar is empty without downloads', () => {
    assert.equal(statusText([], plainL10n), undefined);
    assert.equal(statusText([download({ kind: 'completed', verified: 'crc64' })], plainL10n), undefined);
  });

  it('the status bar shows percent and rate of active downloads', () => {
    assert.equal(
      statusText([download(running, fast), download(failed)], plainL10n)?.text,
      '$(sync~spin) 50% · 100 B/s',
    );
  });

  it('the status bar does not spin while all downloads wait for something that may take days', () => {
    const restore = download({ kind: 'waiting', reason: 'restore' });
    assert.equal(
      statusText([restore, download({ kind: 'waiting', reason: 'url' })], plainL10n)?.text,
      '$(watch) 2 waiting',
    );
    assert.equal(
      statusText([restore, download({ kind: 'waiting', reason: 'network' })], plainL10n)?.text,
      '$(sync~spin) 50%',
    );
    assert.equal(
      statusText([download({ kind: 'waiting', reason: 'network' })], plainL10n)?.text,
      '$(watch) 50% · waiting for the network',
    );
    assert.equal(
      statusText(
        [download({ kind: 'running', phase: 'transferring' }), download({ kind: 'waiting', reason: 'network' })],
        plainL10n,
      )?.text,
      '$(sync~spin) 50%',
    );
  });

  it('the status bar shows failures before pauses', () => {
    assert.equal(statusText([download({ kind: 'paused' }), download(failed)], plainL10n)?.text, '$(warning) 1 failed');
    assert.equal(
      statusText([download({ kind: 'paused' }), download({ kind: 'interrupted' })], plainL10n)?.text,
      '$(debug-pause) 2 paused',
    );
  });

  it('the tooltip of the status bar lists ten downloads, with their names escaped for Markdown', () => {
    const many = Array.from({ length: 12 }, (_unused, index) =>
      download(running, { id: String(index), path: '/d/[x](command:evil)' }),
    );
    const tooltip = statusText(many, plainL10n)?.tooltip ?? '';
    assert.equal(tooltip.match(/^- /gm)?.length, 11);
    assert.match(tooltip, /and 2 more/);
    assert.doesNotMatch(tooltip, /\[x\]\(command/);
  });
});
