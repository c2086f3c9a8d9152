import type { ObjectRef } from '../../oss/model.ts';
import type { BucketListings } from '../browse/bucketListings.ts';
import { readTargets } from './selection.ts';
import type { ObjectTarget } from './selection.ts';
import { pickObject } from '../browse/objectPicker.ts';
import { resolvePath } from '../profiles/profileChoice.ts';
import type { ProfileStore } from '../profiles/profileStore.ts';

export interface ObjectChoiceParts {
  readonly profiles: ProfileStore;
  readonly listings: BucketListings;
}

/**
 * The objects that a command is meant for: those it was called with, else one that the user picks.
 *
 * @returns none when the user gave up, or when nothing of what was selected is an object
 * @throws AppError `input/invalidPath` as `readTargets`
 */
export async function chooseObjects(
  parts: ObjectChoiceParts,
  target: unknown,
  selection: unknown,
  title: string,
): Promise<readonly ObjectRef[]> {
  return (await chooseTargets(parts, target, selection, title)).map(({ ref }) => ref);
}

/** The same, with what a listing said of them. */
export async function chooseTargets(
  { profiles, listings }: ObjectChoiceParts,
  target: unknown,
  selection: unknown,
  title: string,
): Promise<readonly ObjectTarget[]> {
  let named = readTargets(target, selection);
  if (named === undefined) {
    const picked = await pickObject(listings, profiles.names(), title);
    named = picked === undefined ? undefined : readTargets(picked, undefined);
  }
  const targets = [...(named?.objects ?? [])];
  for (const path of named?.paths ?? []) {
    const ref = await resolvePath(profiles, path);
    if (ref === undefined) {
      return [];
    }
    targets.push({ ref });
  }
  return targets;
}
