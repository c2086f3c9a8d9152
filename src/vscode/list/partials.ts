import path from 'node:path';
import { isFinal } from '../../download/downloadState.ts';
import type { DownloadSnapshot } from '../../download/model.ts';
import { partPathOf } from '../../download/files/partPath.ts';
import { canGoOn } from './summary.ts';

const dayMs = 86_400_000;

/** The unfinished download that writes this file; undefined for one that nobody claims. */
export function downloadOfPartial(downloads: readonly DownloadSnapshot[], file: string): DownloadSnapshot | undefined {
  const wanted = comparable(file);
  return downloads.find((download) => !isFinal(download.state) && comparable(partPathOf(download.path)) === wanted);
}

/** Unfinished downloads that nothing is at and that nobody has touched for so many days; none for 0 days. */
export function oldPartials(
  downloads: readonly DownloadSnapshot[],
  days: number,
  nowMs: number,
): readonly DownloadSnapshot[] {
  return days === 0
    ? []
    : downloads.filter(
        ({ state, idleSinceMs }) => canGoOn(state) && idleSinceMs !== undefined && nowMs - idleSinceMs > days * dayMs,
      );
}

/**
 * Whether to offer the cleaning: who wanted to keep everything is left in peace for as long again.
 * @param keptMs when the user last chose so, in milliseconds since the epoch
 */
export function mayOfferCleaning(keptMs: number | undefined, days: number, nowMs: number): boolean {
  return keptMs === undefined || nowMs - keptMs > days * dayMs;
}

/** VS Code writes drive letters in its own way, and Windows does not care. */
function comparable(file: string): string {
  const normal = path.normalize(file);
  return process.platform === 'win32' ? normal.toLowerCase() : normal;
}
