import type * as vscode from 'vscode';
import type { BucketRef } from '../oss/model.ts';
import type { Credentials, Profile } from '../oss/profile.ts';
import { stateKeys } from './ids.ts';
import type { ProfileStorage } from './profileStore.ts';
import { readSetting, writeSetting } from './settings.ts';

/** What turns the settings' text and the environment into profiles and credentials. */
export interface ProfileReaders {
  parseProfiles(value: unknown): readonly Profile[];
  environmentCredentials(): Credentials | undefined;
}

/** Profiles in the user's settings, added buckets in the extension's global state. */
export function profileStorage(state: vscode.Memento, readers: ProfileReaders): ProfileStorage {
  return {
    readProfiles: () => readers.parseProfiles(readSetting('profiles')),
    writeProfiles: (profiles) => writeSetting('profiles', profiles),
    readBuckets: () => state.get<readonly BucketRef[]>(stateKeys.addedBuckets, []),
    writeBuckets: async (buckets) => state.update(stateKeys.addedBuckets, buckets),
    environmentCredentials: () => readers.environmentCredentials(),
  };
}
