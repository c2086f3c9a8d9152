/** Half-open byte range `[start, end)` of an object. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A bucket, reached through one profile. */
export interface BucketRef {
  /** Name of the profile whose credentials and endpoint are used. */
  readonly profile: string;
  readonly bucket: string;
  /** Region of the bucket, such as `cn-hangzhou`, from a listing or an error; absent: the profile's. */
  readonly region?: string;
}

/** A bucket, or a folder in it. */
export interface BucketLocation extends BucketRef {
  /** Prefix of the folder, ending in `/`; absent for the whole bucket. */
  readonly prefix?: string;
}

/** An object, or one version of it. */
export interface ObjectRef extends BucketRef {
  /** 1 to 1023 bytes of UTF-8, exactly as OSS has it: never normalized, trimmed or decoded again. */
  readonly key: string;
  readonly versionId?: string;
}

export type StorageClass = 'Standard' | 'IA' | 'Archive' | 'ColdArchive' | 'DeepColdArchive';

/** Whether objects of this class must be restored before they can be read. */
export function isArchived(storageClass: string): boolean {
  return storageClass === 'Archive' || storageClass === 'ColdArchive' || storageClass === 'DeepColdArchive';
}

export interface Bucket extends BucketRef {
  readonly storageClass: string;
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
}

/** An object as a listing describes it. */
export interface ListedObject {
  readonly ref: ObjectRef;
  readonly sizeBytes: number;
  /** As the server sent it, quotes included. */
  readonly etag: string;
  /** Milliseconds since the epoch. */
  readonly lastModifiedMs: number;
  readonly storageClass: string;
  /**
   * `Normal`, `Multipart`, `Appendable` or `Symlink`. Size and ETag of a symbolic link are its own, not its target's.
   */
  readonly type?: string;
  /** Only for archived objects, after a restore was requested. */
  readonly restore?: RestoreStatus;
}

/** State of an archived object's restore; readable until `expiresMs` (milliseconds since the epoch). */
export type RestoreStatus = { readonly kind: 'ongoing' } | { readonly kind: 'restored'; readonly expiresMs?: number };

/**
 * Whether the object must be restored before it can be read. Ignores that a bucket may allow direct reads of Archive
 * objects: listings do not tell.
 */
export function needsRestore({ storageClass, restore }: Pick<ListedObject, 'storageClass' | 'restore'>): boolean {
  return isArchived(storageClass) && restore?.kind !== 'restored';
}

/** A version of an object, or a delete marker. */
export type ObjectVersion =
  | { readonly kind: 'version'; readonly object: ListedObject; readonly isLatest: boolean }
  | { readonly kind: 'deleteMarker'; readonly versionId: string; readonly lastModifiedMs: number };

/** An object as HEAD describes it. */
export interface ObjectMeta extends ListedObject {
  /** CRC-64/XZ of the whole object, unsigned decimal; absent where the server sends none that can be trusted. */
  readonly crc64?: string;
  readonly contentType?: string;
  /** Other descriptive headers, such as `cache-control` and `x-oss-meta-*`, in the server's order. */
  readonly headers?: readonly (readonly [string, string])[];
}

/** Port: cache of bucket regions, as servers reported them. A `Map` is enough; an implementation may persist them. */
export interface BucketRegions {
  get(bucket: string): string | undefined;
  set(bucket: string, region: string): void;
}
