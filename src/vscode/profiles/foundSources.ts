import type { ErrorRecord } from '../../base/errors.ts';
import type { FoundSource } from '../../oss/credentials/findSources.ts';
import type { Profile } from '../../oss/profile.ts';
import { errorSentence } from '../errors/errorTexts.ts';
import { hasTrait } from '../errors/errorTraits.ts';
import type { Localizer } from '../ui/localizer.ts';
import { shortSourceSentence, sourceName } from '../errors/sourceTexts.ts';
import { visibleName } from '../ui/displayText.ts';

const maxNameLength = 64;

/** One row of Import Profile. */
export interface FoundRow {
  readonly label: string;
  readonly description: string;
  readonly detail?: string;
}

/** Row of a found source: its name, its location, and the reason if it cannot be used. */
export function foundRow(found: FoundSource, known: readonly Profile[], l10n: Localizer): FoundRow {
  const { name, mode, where, place, problem, isOpenToOthers } = found;
  const facts = [mode, place.region ?? place.endpoint ?? '', where === '' ? sourceName(found.source, l10n) : where]
    .filter((fact) => fact !== '')
    .map(visibleName);
  const remarks = [
    ...(problem === undefined ? [] : [visibleName(problemText(found, problem, l10n))]),
    ...(isThere(found, known) ? [l10n.t('There is a profile of it already.')] : []),
    ...(isOpenToOthers ? [l10n.t('Other users of this computer can read {0}: close it with chmod 600.', where)] : []),
  ];
  return {
    label: `${problem === undefined ? '' : '$(error) '}${escapeIcons(visibleName(name))}`,
    description: facts.join(' · '),
    ...(remarks.length === 0 ? {} : { detail: remarks.join(' ') }),
  };
}

function problemText({ where, mode }: FoundSource, problem: ErrorRecord, l10n: Localizer): string {
  return hasTrait(problem.code, 'fromSource')
    ? shortSourceSentence(l10n, problem.details, where, mode)
    : errorSentence(problem, l10n);
}

/** Whether an existing profile already uses the source. */
export function isThere({ source }: FoundSource, known: readonly Profile[]): boolean {
  return known.some(({ credentials }) => JSON.stringify(credentials) === JSON.stringify(source));
}

/**
 * A profile that reads the source in place, with a unique name. Region and endpoint stay in the source.
 */
export function importedProfile({ source, name }: FoundSource, taken: readonly string[]): Profile {
  const base =
    visibleName(name)
      .trim()
      .slice(0, maxNameLength - 4) || 'profile';
  let candidate = base;
  for (let number = 2; taken.includes(candidate); number += 1) {
    candidate = `${base} ${number}`;
  }
  return { name: candidate, credentials: source };
}

/** Escapes $(name), so that a name from a file renders no icon. */
function escapeIcons(text: string): string {
  return text.replace(/\$\(/g, '\\$(');
}
