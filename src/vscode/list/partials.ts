import path from 'node:path';
import type { DownloadSnapshot } from '../../download/model.ts';
import { partPathOf } from '../../download/files/partPath.ts';
import { canGoOn, isFinal } from './row.ts';
import type { Row } from './row.ts';

const dayMs = 86_400_000;

/** The unfinished download of this partial file; undefined if there is none. */
export function downloadOfPartial(rows: readonly Row[], file: string): DownloadSnapshot | undefined {
  const wanted = comparable(file);
  return rows
    .filter((row) => row.kind === 'download')
    .find((download) => !isFinal(download) && comparable(partPathOf(download.path)) === wanted);
}

/** Stopped, unfinished downloads without a change for `days` days; none for 0 days. */
export function oldPartials(rows: readonly Row[], days: number, nowMs: number): readonly DownloadSnapshot[] {
  const isOld = ({ idleSinceMs }: DownloadSnapshot): boolean =>
    idleSinceMs !== undefined && nowMs - idleSinceMs > days * dayMs;
  return days === 0
    ? []
    : rows.filter((row) => row.kind === 'download').filter((download) => canGoOn(download) && isOld(download));
}

/**
 * Whether to offer the cleaning: not within `days` days after the user chose Keep.
 * @param keptMs time of that choice, in milliseconds since the epoch
 */
export function mayOfferCleaning(keptMs: number | undefined, days: number, nowMs: number): boolean {
  return keptMs === undefined || nowMs - keptMs > days * dayMs;
}

/** Normalizes a path for comparison; on Windows also the case, since VS Code changes drive letters. */
function comparable(file: string): string {
  const normal = path.normalize(file);
  return process.platform === 'win32' ? normal.toLowerCase() : normal;
}
