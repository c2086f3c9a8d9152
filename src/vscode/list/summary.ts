import { canResume, isActive } from '../../download/downloadState.ts';
import type { DownloadState } from '../../download/downloadState.ts';
import type { DownloadSnapshot } from '../../download/model.ts';
import type { ListedDownload } from './listedDownload.ts';

/** Several downloads in numbers: a batch for its progress notification, or all of them for the status bar. */
export interface TransferSummary {
  readonly count: number;
  /** Queued, running or waiting. */
  readonly active: number;
  /** Whether all that is active waits for the network. */
  readonly isOffline: boolean;
  readonly paused: number;
  readonly failed: number;
  readonly completed: number;
  /** Bytes that are there, of the downloads that are active or completed. */
  readonly bytesDone: number;
  /** Bytes of the same downloads, as far as their sizes are known. */
  readonly bytesTotal: number;
  /** Whether `count` is all there is; not so while a batch is still listing. */
  readonly isCounted: boolean;
  /** Whether every size is known, so that a percentage means something. */
  readonly sizesKnown: boolean;
  readonly bytesPerSecond: number;
  /** Milliseconds left at this rate; absent when nothing moves or a size is unknown. */
  readonly remainingMs?: number;
}

export function summarize(downloads: readonly ListedDownload[]): TransferSummary {
  const counted = downloads.filter(
    ({ state, whole }) => isActive(state) || state.kind === 'completed' || whole !== undefined,
  );
  const bytesDone = sum(counted.map((download) => download.bytesDone));
  const bytesTotal = sum(counted.map((download) => download.bytesTotal ?? download.bytesDone));
  const sizesKnown = counted.every((download) => download.bytesTotal !== undefined);
  const bytesPerSecond = sum(counted.map((download) => download.bytesPerSecond));
  const count = (matches: (download: ListedDownload) => boolean): number => downloads.filter(matches).length;
  const single = (matches: (state: DownloadState) => boolean): number =>
    count(({ state, whole }) => whole === undefined && matches(state));
  const active = count(({ state }) => isActive(state));
  const wholes = downloads.flatMap(({ whole }) => whole ?? []);
  return {
    count: single(() => true) + sum(wholes.map(({ found }) => found)),
    active,
    isOffline: active > 0 && active === count(({ state }) => state.kind === 'waiting' && state.reason === 'network'),
    paused: count(({ state }) => state.kind === 'paused' || state.kind === 'interrupted'),
    failed: count(({ state }) => state.kind === 'failed'),
    completed: single(({ kind }) => kind === 'completed') + sum(wholes.map(({ done }) => done)),
    bytesDone,
    bytesTotal,
    isCounted: wholes.every(({ isListed }) => isListed),
    sizesKnown,
    bytesPerSecond,
    ...(sizesKnown && bytesPerSecond > 0 ? { remainingMs: ((bytesTotal - bytesDone) / bytesPerSecond) * 1000 } : {}),
  };
}

/** Bytes that are still to be fetched, of downloads whose size is known. */
export function bytesLeft(downloads: readonly DownloadSnapshot[]): number {
  return sum(downloads.map((download) => Math.max(0, (download.bytesTotal ?? 0) - download.bytesDone)));
}

/** What stopped without the user's wish when the editor went away. */
export function interruptedOf(downloads: readonly ListedDownload[]): readonly ListedDownload[] {
  return downloads.filter(({ state }) => state.kind === 'interrupted');
}

/** Active, and not waiting for what may take days: another URL, or the restore of an archived object. */
export function isUnderWay(state: DownloadState): boolean {
  return isActive(state) && !(state.kind === 'waiting' && state.reason !== 'network');
}

/** Stopped, and can go on or be started anew. */
export function canGoOn(state: DownloadState): boolean {
  return canResume(state) || state.kind === 'failed';
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
