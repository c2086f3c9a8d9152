import * as vscode from 'vscode';
import type { ObjectLister } from '../../oss/objectLister.ts';
import type { Profile } from '../../oss/profile.ts';
import { profileOf } from '../bucketNodes.ts';
import type { BucketTreeNode } from '../bucketNodes.ts';
import { askBucketName, nameOfPublicProfile } from '../bucketQuestion.ts';
import { runCommand } from '../commands.ts';
import type { CommandHandlers } from '../commands.ts';
import { chooseProfile } from '../profileChoice.ts';
import type { ProfileRules } from '../profileRules.ts';
import type { ProfileStore } from '../profileStore.ts';
import { askCredentials, askPlace, askProfile, credentialsFrom, noAnswers, profileFrom } from '../profileWizard.ts';
import type { ProfileAnswers } from '../profileWizard.ts';
import { checkBucket, checkProfile } from '../profileCheck.ts';
import { sourceName } from '../sourceTexts.ts';
import type { ErrorPresenter } from '../showError.ts';

export interface ProfileCommandParts {
  readonly profiles: ProfileStore;
  readonly lister: ObjectLister;
  readonly rules: ProfileRules;
  readonly errors: ErrorPresenter;
}

type Ids =
  | 'ossDownloader.addProfile'
  | 'ossDownloader.addPublicBucket'
  | 'ossDownloader.editCredentials'
  | 'ossDownloader.removeProfile'
  | 'ossDownloader.addBucket';

/** Signing in and out, and the buckets that no listing shows. Nothing is saved before OSS has said what it thinks of it. */
export function profileCommands(parts: ProfileCommandParts): Pick<CommandHandlers, Ids> {
  const { profiles } = parts;
  return {
    'ossDownloader.addProfile': async () => {
      const answers = await untilAccepted(parts, noAnswers, (given) => askProfile(given, parts.rules));
      if (answers?.source === 'anonymous') {
        await addBucket(parts, answers.name, undefined);
      }
    },
    'ossDownloader.addPublicBucket': async () => {
      const title = vscode.l10n.t('Add Public Bucket');
      const answers = await askPlace(title, { ...noAnswers, source: 'anonymous' }, parts.rules);
      if (answers === undefined) {
        return;
      }
      const place = profileFrom({ ...answers, name: '' }, parts.rules);
      const existing = profiles.all().find(({ credentials, region, endpoint }) => credentials === 'anonymous' && region === place.region && endpoint === place.endpoint);
      const profile = existing ?? { ...place, name: nameOfPublicProfile(place, profiles.names()) };
      await addBucketTo(parts, profile, undefined, title);
    },
    'ossDownloader.editCredentials': async (target) => {
      const profile = await profileFor(profiles, target, vscode.l10n.t('Profile whose credentials are edited'));
      if (profile === undefined) {
        return;
      }
      if (profile.credentials !== 'accessKey') {
        void vscode.window.showInformationMessage(
          profile.credentials === 'anonymous'
            ? vscode.l10n.t('{0} is an anonymous profile: it has no credentials.', profile.name)
            : vscode.l10n.t('{0} takes its credentials from {1}, each time they are needed.', profile.name, sourceName(profile.credentials, vscode.l10n)),
        );
        return;
      }
      await untilAccepted(parts, { ...noAnswers, name: profile.name }, (given) => askCredentials(given), profile);
    },
    'ossDownloader.removeProfile': async (target) => {
      const profile = await profileFor(profiles, target, vscode.l10n.t('Profile to remove'));
      const remove = vscode.l10n.t('Remove');
      if (profile === undefined) {
        return;
      }
      const chosen = await vscode.window.showWarningMessage(
        vscode.l10n.t('Remove the profile {0}?', profile.name),
        { modal: true, detail: vscode.l10n.t('Its credentials are deleted from the secret storage. Nothing is deleted in OSS.') },
        remove,
      );
      if (chosen === remove) {
        await profiles.remove(profile.name);
      }
    },
    'ossDownloader.addBucket': async (target, bucket) => {
      const profile = await profileFor(profiles, target, vscode.l10n.t('Profile that the bucket is reached with'));
      if (profile !== undefined) {
        await addBucket(parts, profile.name, bucket);
      }
    },
  };
}

/** Asks until OSS accepts the answers, or the user saves them all the same, or gives up. @param edited the profile that gets new credentials */
async function untilAccepted(
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
    const profile = edited ?? profileFrom(answers, parts.rules);
    const credentials = credentialsFrom(answers);
    const verdict = await checkProfile(parts, profile, credentials);
    if (verdict === 'cancelled') {
      return undefined;
    }
    if (verdict !== 'change') {
      const kept = await parts.profiles.save(profile, credentials);
      tellKept(profile.name, kept, verdict);
      return answers;
    }
    given = answers;
  }
}

function tellKept(name: string, kept: 'stored' | 'session', verdict: 'signedIn' | 'mayNotList' | 'unchecked'): void {
  if (kept === 'session') {
    void vscode.window.showWarningMessage(
      vscode.l10n.t('This computer offers no secret storage, so the AccessKey of {0} is kept in memory only: it must be entered again after the window is closed.', name),
    );
  } else if (verdict === 'mayNotList') {
    const add = vscode.l10n.t('Add Bucket by Name');
    void vscode.window.showInformationMessage(vscode.l10n.t('Signed in with {0}. It may not list buckets: add them by name.', name), add).then((chosen) => {
      if (chosen === add) {
        runCommand('ossDownloader.addBucket', name);
      }
    });
  } else if (verdict === 'signedIn') {
    void vscode.window.showInformationMessage(vscode.l10n.t('Signed in with {0}.', name));
  }
}

async function addBucket(parts: ProfileCommandParts, name: string, bucket: string | undefined): Promise<void> {
  await addBucketTo(parts, parts.profiles.profile(name), bucket, vscode.l10n.t('Add Bucket to {0}', name));
}

/** Adds a bucket, and its profile where that is new; both only when the bucket could be listed, or the user insists. */
async function addBucketTo(parts: ProfileCommandParts, profile: Profile, bucket: string | undefined, title: string): Promise<void> {
  const name = await askBucketName(title, bucket);
  if (name === undefined) {
    return;
  }
  const isNew = !parts.profiles.names().includes(profile.name);
  const ref = { profile: profile.name, bucket: name };
  const verdict = await checkBucket(parts, profile, ref, isNew);
  if (verdict === 'change') {
    await addBucketTo(parts, profile, undefined, title);
  } else if (verdict !== 'cancelled') {
    if (isNew) {
      await parts.profiles.save(profile, undefined);
    }
    await parts.profiles.addBucket(ref);
  }
}

async function profileFor(profiles: ProfileStore, target: string | BucketTreeNode | undefined, placeHolder: string): Promise<Profile | undefined> {
  const named = typeof target === 'object' ? profileOf(target) : target;
  const name = named ?? (await chooseProfile(profiles, placeHolder));
  return name === undefined ? undefined : profiles.profile(name);
}
