import type { SettingKey } from '../../src/vscode/settings/settingValues.ts';

/** Where each setting may be set. `application`: never by a workspace, which could send credentials elsewhere. */
export const settingScopes: Readonly<Record<SettingKey, 'application' | 'machine' | 'machine-overridable' | 'window'>> =
  {
    profiles: 'application',
    defaultProfile: 'application',
    'list.pageSize': 'window',
    'network.caFile': 'machine',
    'preview.maxSize': 'window',
    'download.directory': 'machine-overridable',
    'download.askDestination': 'machine-overridable',
    'download.conflict': 'window',
    'download.invalidNames': 'window',
    'download.preserveModified': 'window',
    resumeOnStartup: 'machine',
    keepPartialsDays: 'machine',
    'transfer.maxConnections': 'machine',
    'transfer.concurrentDownloads': 'machine',
    'transfer.partSize': 'machine',
    'transfer.bandwidthLimit': 'machine',
    'transfer.retries': 'machine',
    'transfer.stallTimeout': 'machine',
  };
