import type { BucketRegions } from '../../oss/model.ts';

/** More buckets than anybody uses; the ones that were learned first go first. */
const mostKept = 500;
const regionId = /^[a-z0-9-]{1,64}$/;

/** What a `vscode.Memento` can do, as far as it is needed. */
export interface Keeper {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

/**
 * Remembers from one start of the editor to the next which region a bucket lies in, so that it is asked for there at
 * once.
 */
export class KeptRegions implements BucketRegions {
  private readonly keeper: Keeper;
  private readonly key: string;
  private readonly regions: Map<string, string>;

  constructor(keeper: Keeper, key: string) {
    this.keeper = keeper;
    this.key = key;
    this.regions = new Map(
      Object.entries(keeper.get(key) ?? {}).filter(
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
    for (const [oldest] of [...this.regions].slice(0, -mostKept)) {
      this.regions.delete(oldest);
    }
    void this.keeper.update(this.key, Object.fromEntries(this.regions));
  }
}
