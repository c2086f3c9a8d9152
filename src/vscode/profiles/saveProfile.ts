import * as vscode from 'vscode';
import type { BucketLocation } from '../../oss/model.ts';
import type { ListedEntry, ObjectLister, Page } from '../../oss/objectLister.ts';
import type { Credentials, Profile } from '../../oss/profile.ts';
import { offer } from '../ui/offer.ts';
import { withCancellableProgress } from '../ui/progress.ts';
import { errorSentence, supportFacts } from '../errors/errorTexts.ts';
import { hasTrait } from '../errors/errorTraits.ts';
import { locationName, refusalSentence } from './bucketLocationTexts.ts';
import type { ProfileStore } from './profileStore.ts';
import { isCancellation } from '../errors/showError.ts';
import type { ErrorPresenter } from '../errors/showError.ts';
import { runCommand } from '../commands.ts';
import type { ProfileRules } from './profileRules.ts';
import { credentialsFrom, profileFrom } from './profileWizard.ts';
import type { ProfileAnswers } from './profileWizard.ts';

/** Dependencies of the check of a profile. */
export interface ProfileCheckParts {
  readonly profiles: ProfileStore;
  readonly lister: ObjectLister;
  readonly errors: ErrorPresenter;
}

/** `unchecked`: no check was possible, or it failed and the user saves anyway. `change`: back to the input steps. */
export type ProfileVerdict = 'signedIn' | 'mayNotList' | 'unchecked' | 'change' | 'cancelled';

/** Checks a profile with one cheap request before it is saved; after a failure the user decides. */
export async function checkProfile(
  parts: ProfileCheckParts,
  profile: Profile,
  credentials: Credentials | undefined,
): Promise<ProfileVerdict> {
  if (profile.credentials === 'anonymous' || profile.addressing === 'cname') {
    // OSS rejects ListBuckets without a signature and through a domain of one bucket: nothing to check yet.
    return 'unchecked';
  }
  const tried = await attempt(vscode.l10n.t('Signing in with {0}', profile.name), (signal) =>
    parts.profiles.tryOut(profile, credentials, () => parts.lister.listBuckets(profile.name, undefined, signal)),
  );
  if ('answer' in tried) {
    return 'signedIn';
  }
  if (isCancellation(tried.failure)) {
    return 'cancelled';
  }
  const error = parts.errors.record(tried.failure);
  if (hasTrait(error.code, 'forbidden')) {
    // The key is valid: only the permission to list is missing.
    return 'mayNotList';
  }
  return askSaveAnyway(
    vscode.l10n.t('Signing in with {0} failed', profile.name),
    errorSentence(error, vscode.l10n),
    supportFacts(error),
  );
}

/**
 * Lists a bucket or folder before it is added; if that fails, or the folder is empty, the user decides.
 * Only the folder itself is requested: its parents may be forbidden.
 *
 * @param isNew whether the profile is not saved yet
 */
export async function checkLocation(
  parts: ProfileCheckParts,
  profile: Profile,
  location: BucketLocation,
  isNew: boolean,
): Promise<ProfileVerdict> {
  const name = locationName(location);
  const tried = await attempt(vscode.l10n.t('Looking for {0}', name), (signal) => {
    const list = (): Promise<Page<ListedEntry>> =>
      parts.lister.listEntries(location, location.prefix ?? '', undefined, signal);
    return isNew ? parts.profiles.tryOut(profile, undefined, list) : list();
  });
  if ('answer' in tried) {
    // OSS has no folders: a misspelled name returns an empty listing, not an error.
    return location.prefix !== undefined && tried.answer.items.length === 0
      ? askSaveAnyway(
          vscode.l10n.t('Nothing is in {0}', name),
          vscode.l10n.t('Check the path: it is that of a folder, upper and lower case as in OSS.'),
          '',
        )
      : 'signedIn';
  }
  if (isCancellation(tried.failure)) {
    return 'cancelled';
  }
  const error = parts.errors.record(tried.failure);
  return askSaveAnyway(
    location.prefix === undefined
      ? vscode.l10n.t('The bucket {0} cannot be listed', name)
      : vscode.l10n.t('{0} cannot be listed', name),
    refusalSentence(location, error, vscode.l10n),
    supportFacts(error),
  );
}

/** Runs a check with a notification that can cancel it. */
async function attempt<T>(
  title: string,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<{ readonly answer: T } | { readonly failure: unknown }> {
  try {
    return { answer: await withCancellableProgress(title, run) };
  } catch (failure) {
    return { failure };
  }
}

async function askSaveAnyway(message: string, sentence: string, facts: string): Promise<ProfileVerdict> {
  const change = vscode.l10n.t('Change…');
  const saveAnyway = vscode.l10n.t('Save Anyway');
  const detail = facts === '' ? sentence : `${sentence}\n\n${facts}`;
  const chosen = await vscode.window.showErrorMessage(message, { modal: true, detail }, change, saveAnyway);
  switch (chosen) {
    case change:
      return 'change';
    case saveAnyway:
      return 'unchecked';
    default:
      return 'cancelled';
  }
}

export interface ProfileCommandParts extends ProfileCheckParts {
  readonly rules: ProfileRules;
}

/**
 * Asks until OSS accepts the answers, the user saves them anyway, or cancels.
 * @param edited the profile that gets new credentials
 */
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

/**
 * Saves a profile once OSS has accepted it or the user saves it anyway, and shows the result. @returns `change` if the
 * user wants to change the answers
 */
export async function saveChecked(
  parts: ProfileCommandParts,
  profile: Profile,
  credentials: Credentials | undefined,
): Promise<ProfileVerdict> {
  const verdict = await checkProfile(parts, profile, credentials);
  if (verdict !== 'cancelled' && verdict !== 'change') {
    const kept = await parts.profiles.save(profile, credentials);
    showStored(profile.name, kept, verdict);
  }
  return verdict;
}

function showStored(name: string, kept: 'stored' | 'memory', verdict: 'signedIn' | 'mayNotList' | 'unchecked'): void {
  if (kept === 'memory') {
    void vscode.window.showWarningMessage(
      vscode.l10n.t(
        'This computer offers no secret storage, so the AccessKey of {0} is kept in memory only: it must be ' +
          'entered again after the window is closed.',
        name,
      ),
    );
  } else if (verdict === 'mayNotList') {
    void offer('information', vscode.l10n.t('Signed in with {0}. It may not list buckets: add them by name.', name), [
      [vscode.l10n.t('Add Bucket by Name'), () => runCommand('ossDownloader.addBucket', name)],
    ]);
  } else if (verdict === 'signedIn') {
    void vscode.window.showInformationMessage(vscode.l10n.t('Signed in with {0}.', name));
  }
}
