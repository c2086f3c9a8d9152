import { formatCount } from '../base/format.ts';
import type { FileVerdict } from '../download/verifyFile.ts';
import type { Localizer } from './localizer.ts';

/** What became of one file. */
export interface Verified {
  /** Of the file, fit to be shown. */
  readonly name: string;
  readonly verdict: FileVerdict;
}

/** More names than these are only counted. */
const namedFiles = 5;

/** Whether a verdict is nothing to worry about. */
export function isFine(verdict: FileVerdict): boolean {
  return verdict === 'intact' || verdict === 'sameSize';
}

/** What is said after verifying: of one file its verdict, of several what is wrong with which. */
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
