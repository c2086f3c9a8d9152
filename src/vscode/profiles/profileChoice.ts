import * as vscode from 'vscode';
import { AppError } from '../../base/errors.ts';
import type { Profile } from '../../oss/profile.ts';
import type { ObjectRef } from '../../oss/model.ts';
import type { OssPath } from '../../oss/ossPath.ts';
import { bareBucket, profileOf } from '../treeNodes.ts';
import type { BucketTreeNode } from '../treeNodes.ts';
import type { ProfileStore } from './profileStore.ts';
import { readSetting } from '../settings/settings.ts';

/** The only profile, or a picked one. @returns undefined when the user cancelled */
export async function chooseProfile(store: ProfileStore, placeHolder: string): Promise<string | undefined> {
  await store.settled();
  const names = store.names();
  if (names.length === 0) {
    throw new AppError('input/unknownProfile', 'there is no profile yet', {
      details: { subject: vscode.l10n.t('add one first') },
    });
  }
  return names.length === 1 ? names[0] : vscode.window.showQuickPick([...names], { placeHolder });
}

/**
 * Resolves the profile of a path: the one with a matching pin, the default one, or a picked one.
 *
 * @returns undefined when the user cancelled
 */
export async function resolvePath(store: ProfileStore, { bucket, key }: OssPath): Promise<ObjectRef | undefined> {
  await store.settled();
  const names = store.names();
  const pin = store.pinnedAround({ bucket, key });
  const fallback = readSetting('defaultProfile');
  if (pin !== undefined) {
    return { ...bareBucket(pin), key };
  }
  const profile = names.includes(fallback)
    ? fallback
    : await chooseProfile(store, vscode.l10n.t('Profile for oss://{0}', bucket));
  return profile === undefined ? undefined : { profile, bucket, key };
}

/** The profile of a command: the argument, else a picked one. @returns undefined when the user cancelled */
export async function profileFor(
  profiles: ProfileStore,
  target: string | BucketTreeNode | undefined,
  placeHolder: string,
): Promise<Profile | undefined> {
  await profiles.settled();
  const named = typeof target === 'object' ? profileOf(target) : target;
  const name = named ?? (await chooseProfile(profiles, placeHolder));
  return name === undefined ? undefined : profiles.profile(name);
}
