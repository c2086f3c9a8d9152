/** Port: the regions that buckets lie in, as servers said. A `Map` will do; who can keeps them for the next start. */
export interface BucketRegions {
  get(bucket: string): string | undefined;
  set(bucket: string, region: string): void;
}
