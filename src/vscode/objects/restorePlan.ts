import { needsRestore } from '../../oss/model.ts';
import type { ObjectMeta } from '../../oss/model.ts';
import type { RestoreTier } from '../../oss/objectActions.ts';
import type { Localizer } from '../ui/localizer.ts';

/** Objects grouped by the effect of a restore. */
export interface RestorePlan {
  /** Not archived, or restored and not frozen again. */
  readonly readable: readonly ObjectMeta[];
  /** Already requested. */
  readonly ongoing: readonly ObjectMeta[];
  readonly frozen: readonly ObjectMeta[];
}

export function restorePlan(metas: readonly ObjectMeta[]): RestorePlan {
  const archived = metas.filter(needsRestore);
  return {
    readable: metas.filter((meta) => !archived.includes(meta)),
    ongoing: archived.filter(({ restore }) => restore !== undefined),
    frozen: archived.filter(({ restore }) => restore === undefined),
  };
}

/** Restore durations in days to choose from, shortest first. */
export function dayChoices(
  frozen: readonly ObjectMeta[],
  l10n: Localizer,
): readonly { readonly label: string; readonly days: number }[] {
  const most = frozen.some(({ storageClass }) => storageClass === 'Archive') ? 7 : 365;
  return [1, 3, 7, 30, 365]
    .filter((days) => days <= most)
    .map((days) => ({ label: days === 1 ? l10n.t('1 day') : l10n.t('{0} days', days), days }));
}

/** Restore speeds to choose from; empty if all objects are in Archive. */
export function tierChoices(
  frozen: readonly ObjectMeta[],
  l10n: Localizer,
): readonly { readonly label: string; readonly detail: string; readonly tier: RestoreTier }[] {
  const cold = frozen.some(({ storageClass }) => storageClass === 'ColdArchive');
  const deep = frozen.some(({ storageClass }) => storageClass === 'DeepColdArchive');
  if (!cold && !deep) {
    return [];
  }
  return [
    {
      label: l10n.t('Standard'),
      detail: deep ? l10n.t('Within 48 hours') : l10n.t('Within 2 to 5 hours'),
      tier: 'Standard',
    },
    {
      label: l10n.t('Expedited, costs more'),
      detail: deep ? l10n.t('Within 12 hours') : l10n.t('Within 1 hour'),
      tier: 'Expedited',
    },
    ...(deep
      ? []
      : [{ label: l10n.t('Bulk, costs less'), detail: l10n.t('Within 5 to 12 hours'), tier: 'Bulk' as const }]),
  ];
}

/** Duration of the slowest restore, for a message. */
export function durationText(frozen: readonly ObjectMeta[], tier: RestoreTier, l10n: Localizer): string {
  const choice = tierChoices(frozen, l10n).find((each) => each.tier === tier);
  return choice?.detail ?? l10n.t('In about a minute');
}
