import { formatBytes, formatPercent, formatRate } from '../../base/format.ts';
import type { Localizer } from '../ui/localizer.ts';
import { escapeMarkdown } from '../ui/displayText.ts';
import { canGoOn, isActive, isUnderWay } from './row.ts';
import type { Row } from './row.ts';
import { summarize } from './summary.ts';
import { rowName, stateText } from './texts.ts';

export interface StatusText {
  /** Begins with a codicon. */
  readonly text: string;
  readonly spoken: string;
  /** Markdown, escaped. */
  readonly tooltip: string;
}

const listedInTooltip = 10;

/** Status bar text for all downloads; undefined hides the item. */
export function statusText(rows: readonly Row[], l10n: Localizer): StatusText | undefined {
  const tooltip = tooltipOf(rows, l10n);
  const active = rows.filter(isActive);
  if (active.length > 0 && !active.some(isUnderWay)) {
    const words = l10n.t('{0} waiting', active.length);
    return { text: `$(watch) ${words}`, spoken: l10n.t('Downloads: {0}', words), tooltip };
  }
  if (active.length > 0) {
    const { bytesDone, bytesTotal, sizesKnown, bytesPerSecond, isOffline } = summarize(active);
    const done = sizesKnown ? formatPercent(bytesDone, bytesTotal) : formatBytes(bytesDone);
    if (isOffline) {
      const words = l10n.t('{0} · waiting for the network', done);
      return { text: `$(watch) ${words}`, spoken: l10n.t('Downloads: {0}', words), tooltip };
    }
    const numbers = bytesPerSecond > 0 ? `${done} · ${formatRate(bytesPerSecond)}` : done;
    return { text: `$(sync~spin) ${numbers}`, spoken: l10n.t('Downloading: {0}', numbers), tooltip };
  }
  const { failed, paused } = summarize(rows);
  if (failed > 0) {
    const words = l10n.t('{0} failed', failed);
    return { text: `$(warning) ${words}`, spoken: l10n.t('Downloads: {0}', words), tooltip };
  }
  if (paused > 0) {
    const words = l10n.t('{0} paused', paused);
    return { text: `$(debug-pause) ${words}`, spoken: l10n.t('Downloads: {0}', words), tooltip };
  }
  return undefined;
}

function tooltipOf(rows: readonly Row[], l10n: Localizer): string {
  const unfinished = rows.filter((row) => isActive(row) || canGoOn(row));
  const shown = unfinished
    .slice(0, listedInTooltip)
    .map((row) => `- ${escapeMarkdown(`${rowName(row)}: ${stateText(row, l10n)}`)}`);
  const more = unfinished.length - shown.length;
  return [
    `**${escapeMarkdown(l10n.t('OSS downloads'))}**`,
    '',
    ...shown,
    ...(more > 0 ? [`- ${escapeMarkdown(l10n.t('and {0} more', more))}`] : []),
  ].join('\n');
}
