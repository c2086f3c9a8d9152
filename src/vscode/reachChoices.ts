import { normalizeRegion } from '../oss/endpoint.ts';
import { publicHost } from '../oss/publicCloud.ts';
import type { PublicHost } from '../oss/publicCloud.ts';
import type { Localizer } from './localizer.ts';
import type { Choice } from './quickSteps.ts';

/** The ways to a region of the public cloud; the value is the endpoint, empty for the region's public one. */
export function reachChoices(region: string, l10n: Localizer): readonly Choice<string>[] {
  const host = (kind: PublicHost['kind']): string => publicHost({ kind, region: normalizeRegion(region) });
  return [
    { label: l10n.t('Over the internet'), description: host('public'), value: '' },
    {
      label: l10n.t('From within Alibaba Cloud'),
      description: host('internal'),
      detail: l10n.t('Only from servers in the same region; traffic costs nothing.'),
      value: host('internal'),
    },
    { label: l10n.t('Over the internet, IPv4 and IPv6'), description: host('dualStack'), value: host('dualStack') },
    {
      label: l10n.t('Accelerated'),
      description: host('accelerate'),
      detail: l10n.t('For buckets with transfer acceleration; costs extra.'),
      value: host('accelerate'),
    },
    {
      label: l10n.t('Accelerated, outside of the Chinese mainland'),
      description: host('accelerateOverseas'),
      detail: l10n.t('For buckets with transfer acceleration; costs extra.'),
      value: host('accelerateOverseas'),
    },
  ];
}
