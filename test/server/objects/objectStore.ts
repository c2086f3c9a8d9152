import { GeneratedObjects, StoredObjects } from './bucketObjects.ts';
import type { BucketObjects, GeneratedKeys } from './bucketObjects.ts';
import { md5 } from './objectContent.ts';
import type { ContentSpec } from './objectContent.ts';
import { storedObject } from './storedObject.ts';
import type { DeleteMarker, ObjectOptions, StorageClass, StoredEntry, StoredObject } from './storedObject.ts';

export interface BucketOptions {
  /** Such as `cn-hangzhou`; default: the server's. Another one makes every access answer "wrong endpoint". */
  readonly region?: string;
  /** Named in ListBuckets and in "wrong endpoint"; default `oss-<region>.aliyuncs.com`. */
  readonly endpoint?: string;
  readonly storageClass?: StorageClass;
  readonly acl?: 'private' | 'public-read';
  /** Whether a public bucket may also be listed without credentials. Default true. */
  readonly anonymousListing?: boolean;
  readonly versioning?: 'Enabled' | 'Suspended';
  readonly requesterPays?: boolean;
  /** Archive objects (not cold ones) can be read without a restore. */
  readonly archiveDirectRead?: boolean;
  /** Hierarchical namespace: directory objects have the ETag `"null"`. */
  readonly hierarchical?: boolean;
  readonly createdMs?: number;
  /** Makes the bucket's objects by rule; it is read-only then. */
  readonly generated?: GeneratedKeys;
}

/** A bucket and its objects. Names are checked by the router, not here. */
export class OssBucket {
  readonly name: string;
  readonly options: BucketOptions;
  readonly region: string;
  readonly createdMs: number;
  readonly objects: BucketObjects;
  readonly #stored: StoredObjects | undefined;
  readonly #now: () => number;
  #versionCount = 0;

  constructor(name: string, options: BucketOptions, defaultRegion: string, now: () => number) {
    this.name = name;
    this.options = options;
    this.region = options.region ?? defaultRegion;
    this.createdMs = options.createdMs ?? now();
    this.#now = now;
    this.#stored = options.generated === undefined ? new StoredObjects() : undefined;
    this.objects = this.#stored ?? new GeneratedObjects(options.generated ?? { count: 0 }, this.createdMs);
  }

  get endpoint(): string {
    return this.options.endpoint ?? `oss-${this.region}.aliyuncs.com`;
  }

  put(key: string, content: ContentSpec | Buffer, options: ObjectOptions = {}): StoredObject {
    const isDirectory = this.options.hierarchical === true && key.endsWith('/');
    const object = storedObject(
      key,
      this.#nextVersionId(),
      content,
      {
        ...(this.options.storageClass === undefined ? {} : { storageClass: this.options.storageClass }),
        ...(isDirectory ? { etag: '"null"' } : {}),
        ...options,
      },
      this.#now(),
    );
    this.#push(object);
    return object;
  }

  /** A symlink to another key of the bucket, which need not exist. */
  link(key: string, target: string): StoredObject {
    return this.put(key, { text: '' }, { symlinkTarget: target });
  }

  /**
   * Lets an object generated from a seed grow, as AppendObject does: same bytes as before, more of them, a new ETag.
   * @throws Error where the object is missing
   */
  append(key: string, seed: number, newSizeBytes: number): StoredObject {
    if (this.current(key)?.kind !== 'object') {
      throw new Error(`cannot append to what is not there: ${key}`);
    }
    return this.put(key, { seed, sizeBytes: newSizeBytes }, { type: 'Appendable' });
  }

  /** As DELETE does: a delete marker where versions are kept, else the object is gone. */
  remove(key: string, versionId?: string): StoredEntry | undefined {
    if (versionId !== undefined) {
      const entry = this.version(key, versionId);
      this.#store().set(
        key,
        this.objects.versionsOf(key).filter((other) => other !== entry),
      );
      return entry;
    }
    if (this.options.versioning === undefined) {
      this.#store().set(key, []);
      return undefined;
    }
    const marker: DeleteMarker = {
      kind: 'deleteMarker',
      key,
      versionId: this.#nextVersionId(),
      lastModifiedMs: this.#now(),
    };
    this.#push(marker);
    return marker;
  }

  /** Newest version or delete marker. */
  current(key: string): StoredEntry | undefined {
    return this.objects.versionsOf(key)[0];
  }

  version(key: string, versionId: string): StoredEntry | undefined {
    return this.objects.versionsOf(key).find((entry) => entry.versionId === versionId);
  }

  #push(entry: StoredEntry): void {
    const older = this.objects.versionsOf(entry.key).filter((other) => other.versionId !== entry.versionId);
    this.#store().set(entry.key, this.options.versioning === undefined ? [entry] : [entry, ...older]);
  }

  #nextVersionId(): string {
    return this.options.versioning === 'Enabled'
      ? `CAEQ${md5(Buffer.from(`${this.name}:${++this.#versionCount}`))}`
      : 'null';
  }

  #store(): StoredObjects {
    if (this.#stored === undefined) {
      throw new Error(
        `bucket ${this.name} is generated by rule and cannot be written to: put the object into another bucket`,
      );
    }
    return this.#stored;
  }
}

/** All buckets of a server, by name. */
export class ObjectStore {
  readonly #buckets = new Map<string, OssBucket>();
  readonly #defaultRegion: string;
  readonly #now: () => number;

  constructor(defaultRegion: string, now: () => number) {
    this.#defaultRegion = defaultRegion;
    this.#now = now;
  }

  /** Adds an empty bucket, in place of one of that name. */
  addBucket(name: string, options: BucketOptions = {}): OssBucket {
    const bucket = new OssBucket(name, options, this.#defaultRegion, this.#now);
    this.#buckets.set(name, bucket);
    return bucket;
  }

  removeBucket(name: string): void {
    this.#buckets.delete(name);
  }

  find(name: string): OssBucket | undefined {
    return this.#buckets.get(name);
  }

  /** @throws Error naming the bucket and those that there are */
  bucket(name: string): OssBucket {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) {
      throw new Error(`no bucket ${name} on the local server; there are: ${[...this.#buckets.keys()].join(', ')}`);
    }
    return bucket;
  }

  /** In the order of ListBuckets: by name. */
  buckets(): readonly OssBucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
