import * as vscode from 'vscode';
import type { BucketRef } from '../oss/model.ts';
import type { ObjectLister } from '../oss/objectLister.ts';
import type { Credentials, Profile } from '../oss/profile.ts';
import { signalOf } from './cancellation.ts';
import { errorSentence, supportFacts } from './errorTexts.ts';
import type { ProfileStore } from './profileStore.ts';
import { isCancellation } from './showError.ts';
import type { ErrorPresenter } from './showError.ts';

/** What is needed to try a profile out. */
export interface ProfileCheckParts {
  readonly profiles: ProfileStore;
  readonly lister: ObjectLister;
  readonly errors: ErrorPresenter;
}

/** `unchecked`: the call failed or made no sense, and the user wants it saved all the same. `change`: back to the questions. */
export type ProfileVerdict = 'signedIn' | 'mayNotList' | 'unchecked' | 'change' | 'cancelled';

/** Tries a profile with one cheap call before it is saved; where that fails the user decides. */
export async function checkProfile(parts: ProfileCheckParts, profile: Profile, credentials: Credentials | undefined): Promise<ProfileVerdict> {
  if (profile.credentials === 'anonymous' || profile.addressing === 'cname') {
    // OSS lists no buckets to an unsigned request, nor through a domain of one bucket: there is nothing to try yet.
    return 'unchecked';
  }
  const failure = await attempt(vscode.l10n.t('Signing in with {0}', profile.name), (signal) =>
    parts.profiles.tryOut(profile, credentials, () => parts.lister.listBuckets(profile.name, undefined, signal)),
  );
  if (failure === undefined) {
    return 'signedIn';
  }
  if (isCancellation(failure.error)) {
    return 'cancelled';
  }
  const error = parts.errors.record(failure.error);
  if (error.code === 'auth/accessDenied') {
    // The key was accepted: only the permission to list is missing.
    return 'mayNotList';
  }
  return insist(vscode.l10n.t('Signing in with {0} failed', profile.name), errorSentence(error, vscode.l10n), supportFacts(error));
}

/** Tries to list a bucket before it is added; where that fails the user decides. @param isNew whether the profile is not saved yet */
export async function checkBucket(parts: ProfileCheckParts, profile: Profile, bucket: BucketRef, isNew: boolean): Promise<ProfileVerdict> {
  const failure = await attempt(vscode.l10n.t('Looking for {0}', bucket.bucket), (signal) => {
    const list = (): Promise<unknown> => parts.lister.listEntries(bucket, '', undefined, signal);
    return isNew ? parts.profiles.tryOut(profile, undefined, list) : list();
  });
  if (failure === undefined) {
    return 'signedIn';
  }
  if (isCancellation(failure.error)) {
    return 'cancelled';
  }
  const error = parts.errors.record(failure.error);
  return insist(vscode.l10n.t('The bucket {0} cannot be listed', bucket.bucket), errorSentence(error, vscode.l10n), supportFacts(error));
}

/** @returns the failure, undefined for none */
async function attempt(title: string, run: (signal: AbortSignal) => Promise<unknown>): Promise<{ readonly error: unknown } | undefined> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (_progress, token) => {
    const cancel = signalOf(token);
    try {
      await run(cancel.signal);
      return undefined;
    } catch (error) {
      return { error };
    } finally {
      cancel.dispose();
    }
  });
}

async function insist(message: string, sentence: string, facts: string): Promise<ProfileVerdict> {
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
