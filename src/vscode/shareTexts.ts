import type { SignedUrl } from '../oss/objectLister.ts';
import { fullDate } from './dates.ts';
import type { Localizer } from './localizer.ts';

const hourMs = 3_600_000;

/** For how long a URL may be signed, shortest first. */
export function lifetimes(l10n: Localizer): readonly { readonly label: string; readonly ms: number }[] {
  return [
    { label: l10n.t('15 minutes'), ms: hourMs / 4 },
    { label: l10n.t('1 hour'), ms: hourMs },
    { label: l10n.t('8 hours'), ms: 8 * hourMs },
    { label: l10n.t('1 day'), ms: 24 * hourMs },
    { label: l10n.t('7 days, the longest that OSS allows'), ms: 7 * 24 * hourMs },
  ];
}

/** When the first of several URLs expires, in milliseconds since the epoch; undefined when none does. */
export function earliestExpiry(signed: readonly SignedUrl[]): number | undefined {
  const earliest = Math.min(...signed.map(({ expiresAtMs }) => expiresAtMs));
  return earliest >= Number.MAX_SAFE_INTEGER ? undefined : earliest;
}

/** What is said once signed URLs are in the clipboard. */
export function signedText(
  what: string,
  expiresAtMs: number | undefined,
  { l10n, language }: { readonly l10n: Localizer; readonly language: string },
): string {
  return expiresAtMs === undefined
    ? l10n.t(
        'The URL of {0} is in the clipboard, without a signature: the profile is anonymous, so it works only for what everybody may read.',
        what,
      )
    : l10n.t(
        'The signed URL of {0} is in the clipboard, valid until {1}. Treat it as a secret: whoever has it can read the object.',
        what,
        fullDate(expiresAtMs, language),
      );
}
