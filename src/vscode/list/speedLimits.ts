import { AppError, toAppError } from '../../base/errors.ts';
import { formatRate } from '../../base/format.ts';
import { errorSentence } from '../errors/errorTexts.ts';
import type { Localizer } from '../ui/localizer.ts';
import { bytesPerMegabyte, slowestLimit, fastestLimit } from '../settings/settingValues.ts';

/** Offered limits, in MB/s like the setting; 0: no limit. */
const steps: readonly number[] = [0, 1, 5, 10, 20, 50];

/** One row of the quick pick; without `limit` the row that asks for a custom speed. */
export interface SpeedChoice {
  readonly label: string;
  readonly description?: string;
  /** In MB/s; 0: no limit. */
  readonly limit?: number;
}

/** @param limit in MB/s; 0: none */
export function speedText(limit: number, l10n: Localizer): string {
  return limit === 0 ? l10n.t('No limit') : formatRate(limit * bytesPerMegabyte);
}

/** The offered speeds and the current one, which is marked. @param current in MB/s */
export function speedChoices(current: number, l10n: Localizer): readonly SpeedChoice[] {
  const limits = [...new Set([...steps, current])].sort((a, b) => a - b);
  return [
    ...limits.map((limit) => ({
      label: speedText(limit, l10n),
      limit,
      ...(limit === current ? { description: l10n.t('as it is now') } : {}),
    })),
    { label: l10n.t('Custom…') },
  ];
}

/**
 * Parses a speed from the input box or another extension, with a decimal point or comma.
 * @returns in MB/s; 0: no limit
 * @throws AppError `input/invalidSpeed` for anything else, and for speeds outside the setting's range
 */
export function readSpeed(given: unknown): number {
  const text = typeof given === 'string' || typeof given === 'number' ? String(given).trim().replace(',', '.') : '';
  const limit = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (limit === 0 || (limit >= slowestLimit && limit <= fastestLimit)) {
    return limit;
  }
  const subject = (typeof given === 'string' || typeof given === 'number' ? String(given) : typeof given).slice(0, 100);
  throw new AppError('input/invalidSpeed', `not a speed in MB/s: ${subject}`, { details: { subject } });
}

/** Validation message for a speed in an input box; undefined if valid. */
export function speedProblem(text: string, l10n: Localizer): string | undefined {
  try {
    readSpeed(text);
    return undefined;
  } catch (error) {
    return errorSentence(toAppError(error), l10n);
  }
}
