/** The names that package.json and the code share, each set closed: a name that is not here does not compile. */

export const viewIds = { buckets: 'ossDownloader.buckets', downloads: 'ossDownloader.downloads' } as const;

/** What `when` and `enablement` clauses of package.json ask for. */
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

/** What is kept between sessions beside the settings; never a secret. */
export const stateKeys = {
  /** Its name is from when there were only buckets that were added by name: what was kept then is still read. */
  pins: 'addedBuckets',
  bucketRegions: 'bucketRegions',
  lastFolder: 'lastFolder',
  partialsKeptMs: 'partialsKeptMs',
  pendingRestores: 'pendingRestores',
  allowedCommands: 'allowedCommands',
  shownProfiles: 'shownProfiles',
} as const;

export const statusBarItemId = 'downloads';
