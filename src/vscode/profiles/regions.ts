import type { Localizer } from '../ui/localizer.ts';
import type { Choice } from '../ui/quickSteps.ts';
import type { PublicHost } from '../../oss/publicCloud.ts';
import { publicHost } from '../../oss/publicCloud.ts';
import { normalizeRegion } from '../../oss/endpoint.ts';

/** Networks that reach a public cloud region; the value is the endpoint, empty for the public one. */
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

export interface Region {
  readonly id: string;
  readonly name: string;
}

/**
 * The public cloud regions to choose from; any other may be typed.
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/regions-and-endpoints
 */
export function regions(l10n: Localizer): readonly Region[] {
  return [
    { id: 'cn-hangzhou', name: l10n.t('China (Hangzhou)') },
    { id: 'cn-shanghai', name: l10n.t('China (Shanghai)') },
    { id: 'cn-qingdao', name: l10n.t('China (Qingdao)') },
    { id: 'cn-beijing', name: l10n.t('China (Beijing)') },
    { id: 'cn-zhangjiakou', name: l10n.t('China (Zhangjiakou)') },
    { id: 'cn-huhehaote', name: l10n.t('China (Hohhot)') },
    { id: 'cn-wulanchabu', name: l10n.t('China (Ulanqab)') },
    { id: 'cn-shenzhen', name: l10n.t('China (Shenzhen)') },
    { id: 'cn-heyuan', name: l10n.t('China (Heyuan)') },
    { id: 'cn-guangzhou', name: l10n.t('China (Guangzhou)') },
    { id: 'cn-chengdu', name: l10n.t('China (Chengdu)') },
    { id: 'cn-hongkong', name: l10n.t('China (Hong Kong)') },
    { id: 'cn-nanjing', name: l10n.t('China (Nanjing, local region)') },
    { id: 'cn-fuzhou', name: l10n.t('China (Fuzhou, local region)') },
    { id: 'cn-wuhan-lr', name: l10n.t('China (Wuhan, local region)') },
    { id: 'ap-northeast-1', name: l10n.t('Japan (Tokyo)') },
    { id: 'ap-northeast-2', name: l10n.t('South Korea (Seoul)') },
    { id: 'ap-southeast-1', name: l10n.t('Singapore') },
    { id: 'ap-southeast-3', name: l10n.t('Malaysia (Kuala Lumpur)') },
    { id: 'ap-southeast-5', name: l10n.t('Indonesia (Jakarta)') },
    { id: 'ap-southeast-6', name: l10n.t('Philippines (Manila)') },
    { id: 'ap-southeast-7', name: l10n.t('Thailand (Bangkok)') },
    { id: 'eu-central-1', name: l10n.t('Germany (Frankfurt)') },
    { id: 'eu-west-1', name: l10n.t('UK (London)') },
    { id: 'us-west-1', name: l10n.t('US (Silicon Valley)') },
    { id: 'us-east-1', name: l10n.t('US (Virginia)') },
    { id: 'na-south-1', name: l10n.t('Mexico') },
    { id: 'me-east-1', name: l10n.t('UAE (Dubai)') },
    { id: 'me-central-1', name: l10n.t('Saudi Arabia (Riyadh)') },
  ];
}
