/** Half-open range of an object's bytes: `start` is in, `end` is not. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A bucket as one profile reaches it. */
export interface BucketRef {
  /** Name of the profile whose credentials and endpoint are used. */
  readonly profile: string;
  readonly bucket: string;
  /** Region of the bucket, such as `cn-hangzhou`, where a listing or an error told it; else the profile's. */
  readonly region?: string;
}

/** A bucket, or a folder of it. */
export interface BucketLocation extends BucketRef {
  /** Of the folder, ends in `/`; absent for the whole bucket. */
  readonly prefix?: string;
}

/** An object, or one version of it. */
export interface ObjectRef extends BucketRef {
  /** 1 to 1023 bytes of UTF-8, exactly as OSS has it: never normalized, trimmed or decoded again. */
  readonly key: string;
  readonly versionId?: string;
}

export type StorageClass = 'Standard' | 'IA' | 'Archive' | 'ColdArchive' | 'DeepColdArchive';

/** Classes whose objects must be restored before they can be read. */
export function isArchived(storageClass: string): boolean {
  return storageClass === 'Archive' || storageClass === 'ColdArchive' || storageClass === 'DeepColdArchive';
}

export interface Bucket extends BucketRef {
  readonly storageClass: string;
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
}

/** What a listing says of an object. */
export interface ListedObject {
  readonly ref: ObjectRef;
  readonly sizeBytes: number;
  /** As the server sent it, quotes included. */
  readonly etag: string;
  /** Milliseconds since the epoch. */
  readonly lastModifiedMs: number;
  readonly storageClass: string;
  /**
   * `Normal`, `Multipart`, `Appendable` or `Symlink`. A listing tells a symbolic link's own size and ETag, not its
   * target's.
   */
  readonly type?: string;
  /** Only of archived objects, and only once a restore was asked for. */
  readonly restore?: RestoreStatus;
}

/** How far the restore of an archived object is; until `expiresMs` (milliseconds since the epoch) it can be read. */
export type RestoreStatus = { readonly kind: 'ongoing' } | { readonly kind: 'restored'; readonly expiresMs?: number };

/**
 * Whether it must be restored before it can be read; not so in a bucket that allows direct reads of Archive, which no
 * listing tells.
 */
export function needsRestore({ storageClass, restore }: Pick<ListedObject, 'storageClass' | 'restore'>): boolean {
  return isArchived(storageClass) && restore?.kind !== 'restored';
}

/** One version of an object, or the mark that it was deleted. */
export type ObjectVersion =
  | { readonly kind: 'version'; readonly object: ListedObject; readonly isLatest: boolean }
  | { readonly kind: 'deleteMarker'; readonly versionId: string; readonly lastModifiedMs: number };

/** What HEAD says of an object. */
export interface ObjectMeta extends ListedObject {
  /** CRC-64/XZ of the whole object, unsigned decimal, where the server gives one that can be trusted. */
  readonly crc64?: string;
  readonly contentType?: string;
  /** Further headers that describe it, such as `cache-control` and `x-oss-meta-*`, in the server's order. */
  readonly headers?: readonly (readonly [string, string])[];
}

/** Port: the regions that buckets lie in, as servers said. A `Map` will do; who can keeps them for the next start. */
export interface BucketRegions {
  get(bucket: string): string | undefined;
  set(bucket: string, region: string): void;
}
