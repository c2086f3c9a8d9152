import * as vscode from 'vscode';
import { offer } from '../ui/offer.ts';
import { formatOssPath, parseBucketOrFolder } from '../../oss/ossPath.ts';
import type { Profile } from '../../oss/profile.ts';
import { bucketLocationOf } from '../treeNodes.ts';
import type { BucketTreeNode } from '../treeNodes.ts';
import type { CommandHandlers } from '../commands.ts';
import { profileFor } from './profileChoice.ts';
import { askCredentials, askEndpoint, askProfile, noAnswers, profileFrom } from './profileWizard.ts';
import { checkLocation, untilAccepted } from './saveProfile.ts';
import type { ProfileCommandParts } from './saveProfile.ts';
import { sourceName } from '../errors/sourceTexts.ts';
import type { OssPath } from '../../oss/ossPath.ts';
import { problemWith } from './bucketLocationTexts.ts';
import { askText } from '../ui/quickSteps.ts';

type Ids =
  | 'ossDownloader.addProfile'
  | 'ossDownloader.addPublicBucket'
  | 'ossDownloader.editCredentials'
  | 'ossDownloader.removeProfile'
  | 'ossDownloader.addBucket';

/** Commands to sign in and out, and to add unlisted buckets. Everything is checked with OSS before it is saved. */
export function profileCommands(parts: ProfileCommandParts): Pick<CommandHandlers, Ids> {
  const { profiles } = parts;
  return {
    'ossDownloader.addProfile': async () => {
      const answers = await untilAccepted(parts, noAnswers, (given) => askProfile(given, parts.rules));
      if (answers !== undefined && (answers.source === 'anonymous' || answers.addressing === 'cname')) {
        await addLocationOf(parts, answers.name);
      }
    },
    'ossDownloader.addPublicBucket': async () => {
      const title = vscode.l10n.t('Add Public Bucket');
      const answers = await askEndpoint(title, { ...noAnswers, source: 'anonymous' }, parts.rules);
      if (answers === undefined) {
        return;
      }
      const entered = profileFrom({ ...answers, name: '' }, parts.rules);
      const existing = profiles
        .all()
        .find(
          ({ credentials, region, endpoint }) =>
            credentials === 'anonymous' && region === entered.region && endpoint === entered.endpoint,
        );
      const profile = existing ?? { ...entered, name: nameOfPublicProfile(entered, profiles.names()) };
      await addLocation(parts, profile, title);
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
            : vscode.l10n.t(
                '{0} takes its credentials from {1}, each time they are needed.',
                profile.name,
                sourceName(profile.credentials, vscode.l10n),
              ),
        );
        return;
      }
      await untilAccepted(parts, { ...noAnswers, name: profile.name }, (given) => askCredentials(given), profile);
    },
    'ossDownloader.removeProfile': async (target) => {
      const profile = await profileFor(profiles, target, vscode.l10n.t('Profile to remove'));
      if (profile === undefined) {
        return;
      }
      await offer(
        'warning',
        vscode.l10n.t('Remove the profile {0}?', profile.name),
        [[vscode.l10n.t('Remove'), () => profiles.remove(profile.name)]],
        {
          modal: true,
          detail:
            profile.credentials === 'accessKey'
              ? vscode.l10n.t('Its credentials are deleted from the secret storage. Nothing is deleted in OSS.')
              : vscode.l10n.t('Where its credentials come from stays as it is. Nothing is deleted in OSS.'),
        },
      );
    },
    'ossDownloader.addBucket': async (target, given) => {
      const profile = await profileFor(profiles, target, vscode.l10n.t('Profile that the bucket is reached with'));
      if (profile !== undefined) {
        // A menu passes all rows of a multi-selection.
        await addLocationOf(
          parts,
          profile.name,
          typeof given === 'string' ? { given } : { suggestion: suggestionFor(target) },
        );
      }
    },
  };
}

/** A location from the caller, or the initial text of the input box. */
type Wanted = { readonly given: string } | { readonly suggestion: string };

/** Initial text for a bucket that may not be listed: a folder of it. */
function suggestionFor(target: string | BucketTreeNode | undefined): string {
  const refused = typeof target === 'object' && target.kind === 'error' ? bucketLocationOf(target) : undefined;
  return refused === undefined ? '' : formatOssPath({ bucket: refused.bucket, key: '' });
}

async function addLocationOf(parts: ProfileCommandParts, name: string, wanted?: Wanted): Promise<void> {
  await addLocation(parts, parts.profiles.profile(name), vscode.l10n.t('Add Bucket to {0}', name), wanted);
}

/**
 * Pins a bucket or folder, and adds a new profile, once it could be listed or the user saves it anyway.
 *
 * @throws AppError `input/invalidPath` if the caller's text is not a bucket or folder
 */
async function addLocation(
  parts: ProfileCommandParts,
  profile: Profile,
  title: string,
  wanted: Wanted = { suggestion: '' },
): Promise<void> {
  const path =
    'given' in wanted ? parseBucketOrFolder(wanted.given) : await askBucketOrFolder(title, wanted.suggestion);
  if (path === undefined) {
    return;
  }
  const { bucket, key } = path;
  const isNew = !parts.profiles.names().includes(profile.name);
  const location = { profile: profile.name, bucket, ...(key === '' ? {} : { prefix: key }) };
  const verdict = await checkLocation(parts, profile, location, isNew);
  if (verdict === 'change') {
    await addLocation(parts, profile, title, { suggestion: formatOssPath(path) });
  } else if (verdict !== 'cancelled') {
    if (isNew) {
      await parts.profiles.save(profile, undefined);
    }
    await parts.profiles.pin([location]);
  }
}

/**
 * Asks for a bucket, or for a folder if only that is readable.
 *
 * @param suggestion initial text of the input box
 * @returns its key is empty or ends in `/`; undefined when the user cancelled
 */
export async function askBucketOrFolder(title: string, suggestion: string): Promise<OssPath | undefined> {
  const result = await askText(
    { title, step: 1, totalSteps: 1 },
    {
      prompt: vscode.l10n.t('Name of the bucket, or oss://bucket/folder/ where only a folder may be read'),
      placeholder: 'example-bucket',
      value: suggestion,
      validate: (text) => problemWith(text, vscode.l10n),
    },
  );
  return result === undefined || result === 'back' ? undefined : parseBucketOrFolder(result.answer);
}

/** `Public (cn-hangzhou)`, with a number if the name is taken. */
export function nameOfPublicProfile(
  { region, endpoint }: Pick<Profile, 'region' | 'endpoint'>,
  taken: readonly string[],
): string {
  const label = endpoint?.replace(/^https?:\/\//, '') ?? region ?? '';
  const name = vscode.l10n.t('Public ({0})', label);
  let candidate = name;
  for (let number = 2; taken.includes(candidate); number += 1) {
    candidate = `${name} ${number}`;
  }
  return candidate;
}
