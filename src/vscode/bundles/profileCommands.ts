import type { BucketLocation } from '../../oss/model.ts';
import type { Diagnosis } from '../../oss/diagnosis/diagnosis.ts';
import type { FoundSource } from '../../oss/credentials/findSources.ts';
import * as vscode from 'vscode';
import type { CommandHandlers } from '../commands.ts';
import { connectionCommands } from '../profiles/connectionCommands.ts';
import { editCommands } from '../profiles/editCommands.ts';
import { importCommands } from '../profiles/importCommands.ts';
import { profileCommands } from '../profiles/profileCommands.ts';
import type { ProfileCommandId } from './lazyCommands.ts';
import type { LogChannel } from '../ui/logChannel.ts';
import type { ProfileCheckParts } from '../profiles/saveProfile.ts';
import { profileRules } from '../profiles/profileRules.ts';

export interface ProfileDialogParts extends ProfileCheckParts {
  readonly findSources: (signal: AbortSignal) => Promise<readonly FoundSource[]>;
  readonly diagnose: (profile: string, location: BucketLocation | undefined, signal: AbortSignal) => Promise<Diagnosis>;
  readonly log: LogChannel;
}

/** Entry of the bundle with all profile dialogs, loaded with the first of these commands. */
export function createProfileCommands(dialogParts: ProfileDialogParts): Pick<CommandHandlers, ProfileCommandId> {
  const { profiles, findSources, diagnose, errors, log } = dialogParts;
  const parts = { ...dialogParts, rules: profileRules(() => profiles.names(), vscode.l10n) };
  return {
    ...profileCommands(parts),
    ...editCommands(parts),
    ...importCommands(parts, findSources),
    ...connectionCommands(profiles, diagnose, errors, log),
  };
}
