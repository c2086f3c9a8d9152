import type { ObjectRef } from '../../oss/model.ts';
import type { BucketListings } from '../browse/bucketListings.ts';
import { joinSelections, readSelection, selectionOf } from './selection.ts';
import type { SelectedObject, Selection } from './selection.ts';
import { pickObject } from '../browse/objectPicker.ts';
import { resolvePath } from '../profiles/profileChoice.ts';
import type { ProfileStore } from '../profiles/profileStore.ts';

export interface ObjectChoiceParts {
  readonly profiles: ProfileStore;
  readonly listings: BucketListings;
}

/**
 * The objects of a command: its arguments, else one that the user picks. A path means an object, even with a trailing
 * slash.
 *
 * @returns none when the user cancelled, or when the selection contains no object
 * @throws AppError `input/invalidPath` as `readSelection`
 */
export async function chooseObjects(
  parts: ObjectChoiceParts,
  target: unknown,
  selection: unknown,
  title: string,
): Promise<readonly ObjectRef[]> {
  return (await chooseListedObjects(parts, target, selection, title)).map(({ ref }) => ref);
}

/** The same, with the facts of their listing. */
export async function chooseListedObjects(
  parts: ObjectChoiceParts,
  target: unknown,
  selection: unknown,
  title: string,
): Promise<readonly SelectedObject[]> {
  const { objects, refs } = (await chooseNamed(parts, target, selection, title)) ?? { objects: [], refs: [] };
  return [...objects, ...refs.map((ref) => ({ ref }))];
}

/**
 * The same for objects, folders and buckets.
 * @returns undefined when the user cancelled
 */
export async function chooseSelection(
  parts: ObjectChoiceParts,
  target: unknown,
  selection: unknown,
  title: string,
): Promise<Selection | undefined> {
  const named = await chooseNamed(parts, target, selection, title);
  return named === undefined ? undefined : joinSelections([named, ...named.refs.map(selectionOf)]);
}

/** The arguments or a picked item, with resolved profiles. @returns undefined when the user cancelled */
async function chooseNamed(
  { profiles, listings }: ObjectChoiceParts,
  target: unknown,
  selection: unknown,
  title: string,
): Promise<(Selection & { readonly refs: readonly ObjectRef[] }) | undefined> {
  let named = readSelection(target, selection);
  if (named === undefined) {
    const picked = await pickObject(listings, profiles.names(), title);
    named = picked === undefined ? undefined : readSelection(picked, undefined);
  }
  const refs: ObjectRef[] = [];
  for (const path of named?.paths ?? []) {
    const ref = await resolvePath(profiles, path);
    if (ref === undefined) {
      return undefined;
    }
    refs.push(ref);
  }
  return named && { ...named, refs };
}
