import type { ContentSpec } from './objectContent.ts';
import type { ObjectStore } from './objectStore.ts';
import type { ObjectOptions } from './storedObject.ts';

/** A change to an object, from a fault rule or over the control URL. */
export type ObjectChange =
  | {
      readonly kind: 'put';
      readonly bucket: string;
      readonly key: string;
      readonly content: ContentSpec;
      readonly options?: ObjectOptions;
    }
  | { readonly kind: 'delete'; readonly bucket: string; readonly key: string; readonly versionId?: string }
  /** An object generated from the same seed grows to the new size, as an appendable one does. */
  | {
      readonly kind: 'append';
      readonly bucket: string;
      readonly key: string;
      readonly seed: number;
      readonly newSizeBytes: number;
    }
  | { readonly kind: 'link'; readonly bucket: string; readonly key: string; readonly target: string }
  /** Sets when a restore is ready and when it ends, in milliseconds since the epoch. */
  | {
      readonly kind: 'restore';
      readonly bucket: string;
      readonly key: string;
      readonly readyMs: number;
      readonly expiresMs: number;
    };

/** @throws Error naming a bucket or an object that is not there */
export function applyChange(store: ObjectStore, change: ObjectChange): void {
  const bucket = store.bucket(change.bucket);
  switch (change.kind) {
    case 'put':
      bucket.put(change.key, change.content, change.options);
      return;
    case 'delete':
      bucket.remove(change.key, change.versionId);
      return;
    case 'append':
      bucket.append(change.key, change.seed, change.newSizeBytes);
      return;
    case 'link':
      bucket.link(change.key, change.target);
      return;
    case 'restore': {
      const object = bucket.current(change.key);
      if (object?.kind !== 'object') {
        throw new Error(`no object ${change.key} in bucket ${change.bucket} to restore`);
      }
      object.restore = { readyMs: change.readyMs, expiresMs: change.expiresMs };
      return;
    }
    default:
      // a change that came as JSON may say anything
      throw new Error(`no change ${JSON.stringify(change)}; there are: put, delete, append, link, restore`);
  }
}
