import { formatBytes, formatCount, formatDuration, formatPercent, formatRate } from '../../base/format.ts';
import type { BatchSnapshot } from '../../download/batchModel.ts';
import type { DownloadSnapshot, FileVerdict } from '../../download/model.ts';
import type { Row } from './row.ts';
import { fileCount } from '../ui/localFormat.ts';
import { errorSentence, objectSentence } from '../errors/errorTexts.ts';
import type { Localizer } from '../ui/localizer.ts';
import { summarize } from './summary.ts';
import type { TransferSummary } from './summary.ts';
import { visibleName } from '../ui/displayText.ts';

/** File name of a path. Accepts `/` and `\`: the path may come from another OS. */
export function fileName(path: string): string {
  return visibleName(/[^/\\]*$/.exec(path)?.[0] ?? path);
}

/** Display name of a row: the file of a download, the OSS folder of a batch. */
export function rowName(row: Row): string {
  return row.kind === 'download'
    ? fileName(row.path)
    : visibleName(row.label.replace(/\/+$/, '').split('/').at(-1) ?? row.label);
}

/** `42% · 12.3 MB/s · 1:03 left`, without unknown parts. */
export function progressText(summary: TransferSummary, l10n: Localizer): string {
  const { count, completed, bytesDone, bytesTotal, isCounted, sizesKnown, bytesPerSecond, remainingMs, isOffline } =
    summary;
  const numbers = [
    ...(count > 1 || !isCounted
      ? [
          isCounted
            ? l10n.t('{0} of {1} files', formatCount(completed), formatCount(count))
            : fileCount(completed, l10n),
        ]
      : []),
    sizesKnown ? formatPercent(bytesDone, bytesTotal) : formatBytes(bytesDone),
    ...(bytesPerSecond > 0 ? [formatRate(bytesPerSecond)] : []),
    ...(remainingMs === undefined ? [] : [l10n.t('{0} left', formatDuration(remainingMs))]),
  ].join(' · ');
  return isOffline ? l10n.t('{0} · waiting for the network', numbers) : numbers;
}

/** Short state of a row, for the view and for screen readers. */
export function stateText(row: Row, l10n: Localizer): string {
  return row.kind === 'download' ? downloadText(row, l10n) : batchText(row, l10n);
}

function downloadText(download: DownloadSnapshot, l10n: Localizer): string {
  const { state, bytesDone, bytesTotal } = download;
  const done = bytesTotal === undefined ? formatBytes(bytesDone) : formatPercent(bytesDone, bytesTotal);
  switch (state.kind) {
    case 'queued':
      return l10n.t('Waiting its turn');
    case 'running':
      return runningText(download, done, l10n);
    case 'waiting':
      return waitingText(state.reason, done, l10n);
    case 'paused':
      return l10n.t('Paused at {0}', done);
    case 'interrupted':
      return l10n.t('Interrupted at {0}', done);
    case 'failed':
      return l10n.t('Failed: {0}', failureSentence(download, l10n));
    case 'completed':
      return formatBytes(bytesTotal ?? bytesDone);
    case 'cancelled':
      return l10n.t('Cancelled');
  }
}

/** Sentence about a failed row, with the object's name instead of a URL; empty without an error. */
export function failureSentence({ state, label }: Row, l10n: Localizer): string {
  if (state.kind !== 'failed') {
    return '';
  }
  return objectSentence(state.error, visibleName(label), l10n);
}

function batchText(batch: BatchSnapshot, l10n: Localizer): string {
  const numbers = progressText(summarize([batch]), l10n);
  const failures = batch.failed > 0 ? ` · ${l10n.t('{0} failed', formatCount(batch.failed))}` : '';
  const archived = batch.archived > 0 ? ` · ${l10n.t('{0} archived left out', formatCount(batch.archived))}` : '';
  switch (batch.state.kind) {
    case 'running':
      return `${numbers}${failures}`;
    case 'paused':
      return l10n.t('Paused at {0}', `${numbers}${failures}`);
    case 'interrupted':
      return l10n.t('Interrupted at {0}', `${numbers}${failures}`);
    case 'failed':
      return l10n.t('Failed: {0}', errorSentence(batch.state.error, l10n));
    case 'finished': {
      const outcome =
        batch.failed > 0
          ? l10n.t('{0} of {1} failed', formatCount(batch.failed), formatCount(batch.found))
          : `${fileCount(batch.done, l10n)} · ${formatBytes(batch.bytesDone)}`;
      return `${outcome}${archived}`;
    }
  }
}

function runningText({ state, bytesPerSecond, remainingMs }: DownloadSnapshot, done: string, l10n: Localizer): string {
  if (state.kind === 'running' && state.phase === 'checking') {
    return l10n.t('Checking what is on disk');
  }
  if (state.kind === 'running' && state.phase === 'verifying') {
    return l10n.t('Verifying');
  }
  return [
    done,
    ...(bytesPerSecond > 0 ? [formatRate(bytesPerSecond)] : []),
    ...(remainingMs === undefined ? [] : [l10n.t('{0} left', formatDuration(remainingMs))]),
  ].join(' · ');
}

function waitingText(reason: 'network' | 'restore' | 'url', done: string, l10n: Localizer): string {
  switch (reason) {
    case 'network':
      return l10n.t('{0} · waiting for the network', done);
    case 'restore':
      return l10n.t('{0} · waiting for the object to be restored', done);
    case 'url':
      return l10n.t('{0} · waiting for a new URL', done);
  }
}

/** Result of verifying one file. */
export interface Verified {
  /** Display name of the file. */
  readonly name: string;
  readonly verdict: FileVerdict;
}

/** Names beyond this number are only counted. */
const namedFiles = 5;

/** Whether a verdict needs no attention. */
export function isFine(verdict: FileVerdict): boolean {
  return verdict === 'intact' || verdict === 'sameSize';
}

/** Message after verifying: the verdict of one file, or the problems among several. */
export function verdictText(verified: readonly Verified[], l10n: Localizer): string {
  const [first] = verified;
  if (verified.length === 1 && first !== undefined) {
    return oneText(first, l10n);
  }
  const bad = verified.filter(({ verdict }) => !isFine(verdict));
  if (bad.length === 0) {
    return l10n.t('All {0} files are as they were downloaded.', formatCount(verified.length));
  }
  const names = bad
    .slice(0, namedFiles)
    .map(({ name }) => name)
    .join(', ');
  const more = bad.length - namedFiles;
  return l10n.t(
    '{0} of {1} files are not as they were downloaded: {2}',
    formatCount(bad.length),
    formatCount(verified.length),
    more > 0 ? l10n.t('{0} and {1} more', names, more) : names,
  );
}

function oneText({ name, verdict }: Verified, l10n: Localizer): string {
  switch (verdict) {
    case 'intact':
      return l10n.t('{0} is intact: its CRC-64 is that of the object.', name);
    case 'sameSize':
      return l10n.t('{0} has the size of the object. The server gave no CRC-64 to compare.', name);
    case 'changed':
      return l10n.t('{0} has changed since it was downloaded.', name);
    case 'missing':
      return l10n.t('{0} is not there any more.', name);
    case 'unknown':
      return l10n.t('{0} cannot be verified: nothing is recorded of its object.', name);
  }
}
