import { AppError } from '../../base/errors.ts';
import { endpointOf, isLoopback, normalizeRegion } from '../../oss/endpoint.ts';
import { errorSentence } from '../errors/errorTexts.ts';
import type { Localizer } from '../ui/localizer.ts';
import { visibleName } from '../ui/displayText.ts';

const maxNameLength = 64;

/** Validation of a profile's texts; `...Problem` returns a message, undefined if valid. */
export interface ProfileRules {
  nameProblem(name: string): string | undefined;
  endpointProblem(endpoint: string): string | undefined;
  regionProblem(region: string): string | undefined;
  /** Whether the endpoint's name contains the region. */
  impliesRegion(endpoint: string): boolean;
  /** Whether requests to the endpoint cross a network unencrypted. */
  isPlaintextHttp(endpoint: string): boolean;
  /** Whether the endpoint's name does not determine the addressing style. */
  hasAmbiguousAddressing(endpoint: string): boolean;
}

/** @param takenNames names of the existing profiles */
export function profileRules(takenNames: () => readonly string[], l10n: Localizer): ProfileRules {
  return {
    nameProblem: (name) => {
      if (name === '') {
        return l10n.t('This cannot be empty.');
      }
      if (name.length > maxNameLength || visibleName(name) !== name) {
        return l10n.t('A name has at most {0} characters, and none that cannot be seen.', maxNameLength);
      }
      return takenNames().includes(name) ? l10n.t('There is already a profile {0}.', name) : undefined;
    },
    endpointProblem: (endpoint) => problemOf(() => endpointOf({ endpoint: required(endpoint) }), l10n),
    regionProblem: (region) =>
      problemOf(() => normalizeRegion(region), l10n) === undefined
        ? undefined
        : l10n.t('A region ID looks like cn-hangzhou.'),
    impliesRegion: (endpoint) => endpointOf({ endpoint }).region !== undefined,
    isPlaintextHttp: (endpoint) => {
      const { scheme, host } = endpointOf({ endpoint });
      return scheme === 'http' && !isLoopback(host);
    },
    hasAmbiguousAddressing: (endpoint) => {
      const { publicHost, addressing } = endpointOf({ endpoint });
      return publicHost === undefined && addressing !== 'path';
    },
  };
}

function required(endpoint: string): string {
  if (endpoint === '') {
    throw new AppError('input/invalidEndpoint', 'no endpoint was given');
  }
  return endpoint;
}

function problemOf(check: () => unknown, l10n: Localizer): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof AppError) {
      return errorSentence(error, l10n);
    }
    throw error;
  }
}
