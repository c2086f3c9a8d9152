import assert from 'node:assert/strict';
import { BucketRegionCache } from '../../../../src/vscode/profiles/bucketRegionCache.ts';

describe('BucketRegionCache', () => {
  let kept: Record<string, unknown>;
  const keeper = {
    get: (key: string): unknown => kept[key],
    update: (key: string, value: unknown): Promise<void> => {
      kept[key] = value;
      return Promise.resolve();
    },
  };
  beforeEach(() => {
    kept = {};
  });

  it('the region of a bucket is known after a restart', () => {
    const first = new BucketRegionCache(keeper, 'regions');
    first.set('far', 'cn-beijing');
    first.set('moved', 'cn-beijing');
    first.set('moved', 'ap-southeast-1');
    const second = new BucketRegionCache(keeper, 'regions');
    assert.deepEqual(
      ['far', 'moved', 'other'].map((bucket) => second.get(bucket)),
      ['cn-beijing', 'ap-southeast-1', undefined],
    );
  });

  it('the oldest of more than 500 regions is forgotten', () => {
    const first = new BucketRegionCache(keeper, 'regions');
    for (let number = 0; number < 501; number += 1) {
      first.set(`bucket-${number}`, 'cn-hangzhou');
    }
    const second = new BucketRegionCache(keeper, 'regions');
    assert.deepEqual(
      [second.get('bucket-0'), second.get('bucket-1'), second.get('bucket-500')],
      [undefined, 'cn-hangzhou', 'cn-hangzhou'],
    );
  });

  it('a stored value that is not a region is ignored', () => {
    kept['regions'] = { a: 'evil.example/', b: 7, c: 'cn-hangzhou' };
    const regions = new BucketRegionCache(keeper, 'regions');
    assert.deepEqual(
      ['a', 'b', 'c'].map((bucket) => regions.get(bucket)),
      [undefined, undefined, 'cn-hangzhou'],
    );
  });
});
