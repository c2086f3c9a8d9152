import * as vscode from 'vscode';
import type { Credentials, Profile } from '../oss/profile.ts';
import { runCommand } from './commands.ts';
import { checkProfile } from './profileCheck.ts';
import type { ProfileCheckParts, ProfileVerdict } from './profileCheck.ts';
import type { ProfileRules } from './profileRules.ts';
import { credentialsFrom, profileFrom } from './profileWizard.ts';
import type { ProfileAnswers } from './profileWizard.ts';

export interface ProfileCommandParts extends ProfileCheckParts {
  readonly rules: ProfileRules;
}

/** Asks until OSS accepts the answers, or the user saves them all the same, or gives up. @param edited the profile that gets new credentials */
export async function untilAccepted(
  parts: ProfileCommandParts,
  given: ProfileAnswers,
  ask: (given: ProfileAnswers) => Promise<ProfileAnswers | undefined>,
  edited?: Profile,
): Promise<ProfileAnswers | undefined> {
  for (;;) {
    const answers = await ask(given);
    if (answers === undefined) {
      return undefined;
    }
    const verdict = await saveChecked(parts, edited ?? profileFrom(answers, parts.rules), credentialsFrom(answers));
    if (verdict !== 'change') {
      return verdict === 'cancelled' ? undefined : answers;
    }
    given = answers;
  }
}

/** Saves a profile once OSS has accepted it or the user insists, and says how it went. @returns `change` where the user wants other answers */
export async function saveChecked(
  parts: ProfileCommandParts,
  profile: Profile,
  credentials: Credentials | undefined,
): Promise<ProfileVerdict> {
  const verdict = await checkProfile(parts, profile, credentials);
  if (verdict !== 'cancelled' && verdict !== 'change') {
    const kept = await parts.profiles.save(profile, credentials);
    tellKept(profile.name, kept, verdict);
  }
  return verdict;
}

function tellKept(name: string, kept: 'stored' | 'session', verdict: 'signedIn' | 'mayNotList' | 'unchecked'): void {
  if (kept === 'session') {
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        'This computer offers no secret storage, so the AccessKey of {0} is kept in memory only: it must be entered again after the window is closed.',
        name,
      ),
    );
  } else if (verdict === 'mayNotList') {
    const add = vscode.l10n.t('Add Bucket by Name');
    void vscode.window
      .showInformationMessage(
        vscode.l10n.t('Signed in with {0}. It may not list buckets: add them by name.', name),
        add,
      )
      .then((chosen) => {
        if (chosen === add) {
          runCommand('ossDownloader.addBucket', name);
        }
      });
  } else if (verdict === 'signedIn') {
    void vscode.window.showInformationMessage(vscode.l10n.t('Signed in with {0}.', name));
  }
}
