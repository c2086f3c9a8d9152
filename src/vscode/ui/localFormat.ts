import { formatCount } from '../../base/format.ts';
import type { Localizer } from './localizer.ts';

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['week', 7 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** `3 days ago`, in the language given; `now` for less than a minute. Both times in milliseconds since the epoch. */
export function relativeDate(timeMs: number, nowMs: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const agoMs = nowMs - timeMs;
  const [unit, lengthMs] = steps.find(([, length]) => Math.abs(agoMs) >= length) ?? [
    'second',
    Number.POSITIVE_INFINITY,
  ];
  return format.format(-Math.trunc(agoMs / lengthMs), unit);
}

/** Full date and time, in the language given. */
export function fullDate(timeMs: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'medium' }).format(timeMs);
}

/** `1 object`, `2,500 objects` */
export function objectCount(count: number, l10n: Localizer): string {
  return count === 1 ? l10n.t('1 object') : l10n.t('{0} objects', formatCount(count));
}

/** `1 file`, `2,500 files` */
export function fileCount(count: number, l10n: Localizer): string {
  return count === 1 ? l10n.t('1 file') : l10n.t('{0} files', formatCount(count));
}
