import type { Bucket, BucketRef, ListedObject, ObjectMeta } from '../../../../src/oss/model.ts';
import type { ListedEntry, ObjectLister, Page } from '../../../../src/oss/objectLister.ts';

/** A lister whose answers a test lays down; an answer that is an error is thrown. Requests are kept in `asked`. */
export class FakeLister implements ObjectLister {
  readonly asked: string[] = [];
  readonly buckets: (Page<Bucket> | Error)[] = [];
  readonly entries: (Page<ListedEntry> | Error)[] = [];
  readonly objects: (Page<ListedObject> | Error)[] = [];

  listBuckets(profile: string, after: string | undefined): Promise<Page<Bucket>> {
    this.asked.push(`buckets ${profile} ${after ?? 'first'}`);
    return answer(this.buckets);
  }

  listEntries(bucket: BucketRef, prefix: string, after: string | undefined): Promise<Page<ListedEntry>> {
    this.asked.push(`${bucket.bucket}/${prefix} ${after ?? 'first'}`);
    return answer(this.entries);
  }

  listObjects(bucket: BucketRef, prefix: string): Promise<Page<ListedObject>> {
    this.asked.push(`all of ${bucket.bucket}/${prefix}`);
    return answer(this.objects);
  }

  head(): Promise<ObjectMeta> {
    return Promise.reject(new Error('not asked for'));
  }
}

export function object(key: string, sizeBytes = 10): ListedObject {
  return {
    ref: { profile: 'p', bucket: 'b-1', key },
    sizeBytes,
    etag: '"e"',
    lastModifiedMs: Date.UTC(2026, 0, 2),
    storageClass: 'Standard',
  };
}

export function listed(key: string, sizeBytes = 10): ListedEntry {
  return { kind: 'object', object: object(key, sizeBytes) };
}

export function bucket(name: string, profile = 'p'): Bucket {
  return { profile, bucket: name, region: 'cn-hangzhou', storageClass: 'Standard', createdMs: 0 };
}

function answer<T>(answers: (T | Error)[]): Promise<T> {
  const next = answers.shift();
  if (next === undefined) {
    return Promise.reject(new Error('no answer was laid down'));
  }
  return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
}
