import type * as vscode from 'vscode';
import { parseProfiles } from '../../oss/credentials/parseProfiles.ts';
import type { BucketLocation } from '../../oss/model.ts';
import { CommandConsent } from './commandConsent.ts';
import { stateKeys } from '../ids.ts';
import type { ProfileStorage } from './profileStore.ts';
import { readSetting, writeSetting } from '../settings/settings.ts';

/** Stores profiles in the user's settings, and pins in the extension's global state. */
export function profileStorage(state: vscode.Memento): ProfileStorage {
  const consent = new CommandConsent(state);
  return {
    readEntries: () => {
      const value = readSetting('profiles');
      const entries: readonly unknown[] = Array.isArray(value) ? value : [];
      return entries;
    },
    writeEntries: (entries) => writeSetting('profiles', entries),
    parseEntries: parseProfiles,
    readPins: () => state.get<readonly BucketLocation[]>(stateKeys.pins, []),
    writePins: async (pins) => state.update(stateKeys.pins, pins),
    readShown: () => state.get<readonly string[]>(stateKeys.shownProfiles),
    writeShown: async (names) => state.update(stateKeys.shownProfiles, names),
    mayRun: (command) => consent.mayRun(command),
  };
}
