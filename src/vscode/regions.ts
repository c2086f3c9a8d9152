import type { Localizer } from './localizer.ts';

export interface Region {
  readonly id: string;
  readonly name: string;
}

/**
 * The regions of the public cloud, for choosing; any other may be typed.
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
