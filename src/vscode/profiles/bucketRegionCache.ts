import type { BucketRegions } from '../../oss/model.ts';

/** Beyond this size the oldest entries are dropped. */
const maxEntries = 500;
const regionId = /^[a-z0-9-]{1,64}$/;

/** The part of `vscode.Memento` in use. */
export interface KeyValueStore {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/** Persistent cache of the buckets' regions, which saves a redirect after a restart. */
export class BucketRegionCache implements BucketRegions {
  private readonly store: KeyValueStore;
  private readonly key: string;
  private readonly regions: Map<string, string>;

  constructor(store: KeyValueStore, key: string) {
    this.store = store;
    this.key = key;
    this.regions = new Map(
      Object.entries(store.get(key) ?? {}).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string' && regionId.test(entry[1]),
      ),
    );
  }

  get(bucket: string): string | undefined {
    return this.regions.get(bucket);
  }

  set(bucket: string, region: string): void {
    this.regions.delete(bucket);
    this.regions.set(bucket, region);
    for (const [oldest] of [...this.regions].slice(0, -maxEntries)) {
      this.regions.delete(oldest);
    }
    void this.store.update(this.key, Object.fromEntries(this.regions));
  }
}
