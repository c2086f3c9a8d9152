import { conflictPolicies } from '../../download/batchModel.ts';
import type { ConflictPolicy } from '../../download/batchModel.ts';
import type { TransferLimits, InvalidNames } from '../../download/model.ts';
import { invalidNameRules } from '../../download/model.ts';

export type ResumeOnStartup = 'ask' | 'always' | 'never';

/** Validated settings of this extension. */
export interface SettingValues {
  /** Unchecked; parsed by `parseProfiles`. */
  readonly profiles: unknown;
  readonly defaultProfile: string;
  /** File with additional CA certificates; empty: none. */
  readonly 'network.caFile': string;
  readonly 'list.pageSize': number;
  /** In MB. */
  readonly 'preview.maxSize': number;
  readonly 'download.directory': string;
  readonly 'download.askDestination': boolean;
  readonly 'download.conflict': ConflictPolicy;
  readonly 'download.invalidNames': InvalidNames;
  readonly 'download.preserveModified': boolean;
  readonly resumeOnStartup: ResumeOnStartup;
  /** 0: never offered. */
  readonly keepPartialsDays: number;
  readonly 'transfer.maxConnections': number;
  readonly 'transfer.concurrentDownloads': number;
  readonly 'transfer.partSize': number | 'auto';
  readonly 'transfer.retries': number;
  /** In MB/s, of all downloads together; 0: no limit. */
  readonly 'transfer.bandwidthLimit': number;
  /** In seconds. */
  readonly 'transfer.stallTimeout': number;
}

export type SettingKey = keyof SettingValues;

type Readers = { readonly [Key in SettingKey]: (value: unknown) => SettingValues[Key] };

/** As the editor and this extension write them: a binary step under the short name. */
export const bytesPerMegabyte = 1024 ** 2;
/** In MB/s. Lower limits are raised to this: one chunk a connection would take so long that changes lag. */
export const slowestLimit = 0.1;
export const fastestLimit = 100_000;

/** In MB. Smaller values are raised to this, which is more than a preview and still fast in an editor. */
const smallestPreview = 0.1;
const largestPreview = 50;

/** One reader a setting: out-of-range values are clamped, values of another type are replaced by the default. */
const readers: Readers = {
  profiles: (value) => value ?? [],
  defaultProfile: text,
  'network.caFile': text,
  'list.pageSize': integer(500, 1, 1000),
  'preview.maxSize': (value) =>
    typeof value === 'number' && Number.isFinite(value)
      ? Math.min(largestPreview, Math.max(smallestPreview, value))
      : 5,
  'download.directory': text,
  'download.askDestination': (value) => value !== false,
  'download.conflict': (value) => conflictPolicies.find((policy) => policy === value) ?? 'ask',
  'download.invalidNames': (value) => invalidNameRules.find((rule) => rule === value) ?? 'encode',
  'download.preserveModified': (value) => value !== false,
  resumeOnStartup: (value) => (value === 'always' || value === 'never' ? value : 'ask'),
  keepPartialsDays: integer(14, 0, 3650),
  'transfer.maxConnections': integer(16, 1, 256),
  'transfer.concurrentDownloads': integer(3, 1, 64),
  'transfer.partSize': partSize,
  'transfer.bandwidthLimit': bandwidthLimit,
  'transfer.retries': integer(5, 0, 100),
  'transfer.stallTimeout': integer(30, 1, 600),
};

/** Reads and validates one setting. */
export function settingValue<Key extends SettingKey>(key: Key, get: (key: string) => unknown): SettingValues[Key] {
  const read: Readers[Key] = readers[key];
  return read(get(key));
}

export function transferLimits(get: (key: string) => unknown): TransferLimits {
  const megabytesPerSecond = settingValue('transfer.bandwidthLimit', get);
  return {
    maxConnections: settingValue('transfer.maxConnections', get),
    concurrentDownloads: settingValue('transfer.concurrentDownloads', get),
    partSizeBytes: settingValue('transfer.partSize', get),
    retries: settingValue('transfer.retries', get),
    stallTimeoutMs: settingValue('transfer.stallTimeout', get) * 1000,
    ...(megabytesPerSecond === 0 ? {} : { bytesPerSecond: megabytesPerSecond * bytesPerMegabyte }),
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function integer(fallback: number, minimum: number, maximum: number): (value: unknown) => number {
  return (value) =>
    typeof value === 'number' && Number.isFinite(value)
      ? Math.min(maximum, Math.max(minimum, Math.round(value)))
      : fallback;
}

/** An invalid speed means no limit. */
function bandwidthLimit(value: unknown): number {
  return typeof value === 'number' && value > 0 ? Math.min(fastestLimit, Math.max(slowestLimit, value)) : 0;
}

/**
 * Parses `8 MiB` to bytes; anything else is `auto`. OSS allows any size; below 64 KiB the requests dominate.
 */
function partSize(value: unknown): number | 'auto' {
  const [, amount, unit] = /^(\d{1,6}) ?([KM])i?B$/i.exec(text(value)) ?? [];
  if (amount === undefined || unit === undefined) {
    return 'auto';
  }
  const bytes = Number(amount) * (unit.toUpperCase() === 'K' ? 1024 : 1024 * 1024);
  return Math.min(1024 ** 3, Math.max(64 * 1024, bytes));
}

/** The part of `vscode.WorkspaceConfiguration` in use. */
export interface InspectedConfiguration {
  get(key: string): unknown;
  inspect(
    key: string,
  ):
    | {
        readonly defaultValue?: unknown;
        readonly globalValue?: unknown;
        readonly workspaceValue?: unknown;
        readonly workspaceFolderValue?: unknown;
      }
    | undefined;
}

/**
 * Reads user settings only. The declared scopes already exclude workspaces; this is a second barrier.
 */
export function userScopeOnly(configuration: InspectedConfiguration): (key: string) => unknown {
  return (key) => {
    const found = configuration.inspect(key);
    const isWorkspaces = found?.workspaceValue !== undefined || found?.workspaceFolderValue !== undefined;
    return isWorkspaces ? (found.globalValue ?? found.defaultValue) : configuration.get(key);
  };
}
