import * as vscode from 'vscode';
import { AppError } from '../../base/errors.ts';
import type { Profile } from '../../oss/profile.ts';
import type { ObjectRef } from '../../oss/model.ts';
import type { OssPath } from '../../oss/ossPath.ts';
import { bareBucket, profileOf } from '../treeNodes.ts';
import type { BucketTreeNode } from '../treeNodes.ts';
import type { ProfileStore } from './profileStore.ts';
import { readSetting } from '../settings/settings.ts';

/** The profile to use where none was named: the only one, or a picked one. @returns undefined when the user gave up */
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
 * Gives a path its profile: the one that the bucket or a folder around it is pinned for, the default one, or a picked
 * one.
 *
 * @returns undefined when the user gave up
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

/**
 * The profile that a command is about: the one that was clicked or named, else a picked one. @returns undefined when
 * the user gave up
 */
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
