import { formatCount } from '../base/format.ts';
import type { Localizer } from './localizer.ts';

/** `1 object`, `2,500 objects` */
export function objectCount(count: number, l10n: Localizer): string {
  return count === 1 ? l10n.t('1 object') : l10n.t('{0} objects', formatCount(count));
}

/** `1 file`, `2,500 files` */
export function fileCount(count: number, l10n: Localizer): string {
  return count === 1 ? l10n.t('1 file') : l10n.t('{0} files', formatCount(count));
}
