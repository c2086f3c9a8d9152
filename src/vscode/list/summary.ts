import { bytesTotalOf, hasFailed, isActive, statusOf, waitsForNetwork } from './row.ts';
import type { Row } from './row.ts';

/** Several rows in numbers: those of one progress notification, or all of them for the status bar. */
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

export function summarize(rows: readonly Row[]): TransferSummary {
  const downloads = rows.filter((row) => row.kind === 'download');
  const batches = rows.filter((row) => row.kind === 'batch');
  const isCompleted = (row: Row): boolean => statusOf(row) === 'completed';
  const counted = [...downloads.filter((download) => isActive(download) || isCompleted(download)), ...batches];
  const bytesDone = sum(counted.map((row) => row.bytesDone));
  const bytesTotal = sum(counted.map((row) => bytesTotalOf(row) ?? row.bytesDone));
  const sizesKnown = counted.every((row) => bytesTotalOf(row) !== undefined);
  const bytesPerSecond = sum(counted.map((row) => row.bytesPerSecond));
  const active = rows.filter(isActive);
  return {
    count: downloads.length + sum(batches.map(({ found }) => found)),
    active: active.length,
    isOffline: active.length > 0 && active.every(waitsForNetwork),
    paused: rows.filter(({ state }) => state.kind === 'paused' || state.kind === 'interrupted').length,
    failed: rows.filter(hasFailed).length,
    completed: downloads.filter(isCompleted).length + sum(batches.map(({ done }) => done)),
    bytesDone,
    bytesTotal,
    isCounted: batches.every(({ isListed }) => isListed),
    sizesKnown,
    bytesPerSecond,
    ...(sizesKnown && bytesPerSecond > 0 ? { remainingMs: ((bytesTotal - bytesDone) / bytesPerSecond) * 1000 } : {}),
  };
}

/** Bytes that are still to be fetched, of rows whose size is known. */
export function bytesLeft(rows: readonly Row[]): number {
  return sum(rows.map((row) => Math.max(0, (bytesTotalOf(row) ?? 0) - row.bytesDone)));
}

/** What stopped without the user's wish when the editor went away. */
export function interruptedOf(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ state }) => state.kind === 'interrupted');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
