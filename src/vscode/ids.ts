/** Names shared with package.json, as closed sets: an unknown name does not compile. */

export const viewIds = { buckets: 'ossDownloader.buckets', downloads: 'ossDownloader.downloads' } as const;

/** Context keys of the `when` and `enablement` clauses in package.json. */
export type ContextKey =
  | 'ossDownloader.hasProfiles'
  | 'ossDownloader.noProfiles'
  | 'ossDownloader.severalProfiles'
  | 'ossDownloader.noDownloads'
  | 'ossDownloader.hasActive'
  | 'ossDownloader.hasFailed'
  | 'ossDownloader.hasResumable'
  | 'ossDownloader.hasFinished';

export const configurationSection = 'ossDownloader';

/** Keys of the persisted state besides the settings; never a secret. */
export const stateKeys = {
  /** Stored under its original name, from before folders could be pinned, so that old data is still read. */
  pins: 'addedBuckets',
  bucketRegions: 'bucketRegions',
  lastFolder: 'lastFolder',
  partialsKeptMs: 'partialsKeptMs',
  pendingRestores: 'pendingRestores',
  allowedCommands: 'allowedCommands',
  shownProfiles: 'shownProfiles',
} as const;

export const statusBarItemId = 'downloads';
