import type * as vscode from 'vscode';
import { environmentCredentials } from '../oss/credentials/environmentCredentials.ts';
import { parseProfiles } from '../oss/credentials/parseProfiles.ts';
import type { BucketRef } from '../oss/model.ts';
import { stateKeys } from './ids.ts';
import type { ProfileStorage } from './profileStore.ts';
import { readSetting, writeSetting } from './settings.ts';

/** Profiles in the user's settings, added buckets in the extension's global state. */
export function profileStorage(state: vscode.Memento): ProfileStorage {
  return {
    readEntries: () => {
      const value = readSetting('profiles');
      const entries: readonly unknown[] = Array.isArray(value) ? value : [];
      return entries;
    },
    writeEntries: (entries) => writeSetting('profiles', entries),
    parseEntries: parseProfiles,
    readBuckets: () => state.get<readonly BucketRef[]>(stateKeys.addedBuckets, []),
    writeBuckets: async (buckets) => state.update(stateKeys.addedBuckets, buckets),
    environmentCredentials: () => environmentCredentials(process.env),
  };
}
