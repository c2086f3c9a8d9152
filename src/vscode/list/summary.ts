import { bytesTotalOf, hasFailed, isActive, statusOf, waitsForNetwork } from './row.ts';
import type { Row } from './row.ts';

/** Totals of several rows, for a progress notification or the status bar. */
export interface TransferSummary {
  readonly count: number;
  /** Queued, running or waiting. */
  readonly active: number;
  /** Whether all active rows wait for the network. */
  readonly isOffline: boolean;
  readonly paused: number;
  readonly failed: number;
  readonly completed: number;
  /** Downloaded bytes of active and completed rows. */
  readonly bytesDone: number;
  /** Total bytes of the same rows, without unknown sizes. */
  readonly bytesTotal: number;
  /** Whether `count` is final; false while a batch is listing. */
  readonly isCounted: boolean;
  /** Whether every size is known, which a percentage requires. */
  readonly sizesKnown: boolean;
  readonly bytesPerSecond: number;
  /** Milliseconds left at this rate; absent when the rate is 0 or a size is unknown. */
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

/** Remaining bytes of rows with a known size. */
export function bytesLeft(rows: readonly Row[]): number {
  return sum(rows.map((row) => Math.max(0, (bytesTotalOf(row) ?? 0) - row.bytesDone)));
}

/** Rows that the end of an editor session interrupted. */
export function interruptedOf(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ state }) => state.kind === 'interrupted');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
