import * as vscode from 'vscode';
import type { Profile } from '../../oss/profile.ts';
import { askBucketName, nameOfPublicProfile } from '../bucketQuestion.ts';
import type { CommandHandlers } from '../commands.ts';
import { profileFor } from '../profileChoice.ts';
import { askCredentials, askPlace, askProfile, noAnswers, profileFrom } from '../profileWizard.ts';
import { checkBucket } from '../profileCheck.ts';
import { untilAccepted } from '../profileSaving.ts';
import type { ProfileCommandParts } from '../profileSaving.ts';
import { sourceName } from '../sourceTexts.ts';

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
      if (answers !== undefined && (answers.source === 'anonymous' || answers.addressing === 'cname')) {
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
        {
          modal: true,
          detail: profile.credentials === 'accessKey'
            ? vscode.l10n.t('Its credentials are deleted from the secret storage. Nothing is deleted in OSS.')
            : vscode.l10n.t('Where its credentials come from stays as it is. Nothing is deleted in OSS.'),
        },
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
