import assert from 'node:assert/strict';
import fc from 'fast-check';
import sinon from 'sinon';
import { listBuckets } from '../../server/listing/listBuckets.ts';
import { listObjectsV1, listObjectsV2, listVersions } from '../../server/listing/listObjects.ts';
import { ObjectStore } from '../../server/objects/objectStore.ts';
import type { OssBucket } from '../../server/objects/objectStore.ts';
import { blocks, text, texts } from './support/ossXml.ts';

const context = { nowMs: 0, pageLimit: 1000 };

function bucketWith(keys: readonly string[]): OssBucket {
  const bucket = new ObjectStore('cn-hangzhou', () => 0).addBucket('bucket');
  for (const key of keys) {
    bucket.put(key, { text: key });
  }
  return bucket;
}

type Parameters = Readonly<Record<string, string>>;
type List = (bucket: OssBucket, query: Parameters) => string;

const v1: List = (bucket, query) => listObjectsV1(bucket, Object.entries(query), context);
const v2: List = (bucket, query) => listObjectsV2(bucket, Object.entries(query), context);
const versions: List = (bucket, query) => listVersions(bucket, Object.entries(query), context);

/** Keys and prefixes of all pages, and how many pages there were. */
function listAll(bucket: OssBucket, query: Parameters, list: List = v2): { entries: string[]; pages: number } {
  const entries: string[] = [];
  let next: Parameters = {};
  for (let pages = 1; ; pages++) {
    const xml = list(bucket, { ...query, ...next, 'encoding-type': 'url' });
    entries.push(
      ...[...texts(xml, 'Key'), ...blocks(xml, 'CommonPrefixes').flatMap((block) => texts(block, 'Prefix'))].map(
        decodeURIComponent,
      ),
    );
    if (text(xml, 'IsTruncated') === 'false') {
      return { entries, pages };
    }
    const token = text(xml, 'NextContinuationToken');
    const marker = text(xml, 'NextMarker');
    next =
      token !== undefined
        ? { 'continuation-token': decodeURIComponent(token) }
        : { marker: decodeURIComponent(marker!) };
  }
}

/** The expected listing, computed from the definition. */
function reference(keys: readonly string[], prefix: string, delimiter: string): Set<string> {
  return new Set(
    keys
      .filter((key) => key.startsWith(prefix))
      .map((key) => {
        const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
        return at === -1 ? key : key.slice(0, at + delimiter.length);
      }),
  );
}

describe('listing objects', () => {
  it('every key and every common prefix is listed once for any page size (V1 and V2)', () => {
    const part = fc.constantFrom('a', 'b', '/', 'é', '中', '\u{1f600}', '\uffee', ' ', '%');
    const key = fc
      .array(part, { minLength: 1, maxLength: 6 })
      .map((parts) => parts.join(''))
      .filter((name) => !name.startsWith('/'));
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { maxLength: 30 }),
        fc.constantFrom('', 'a', 'a/', '中'),
        fc.constantFrom('', '/', 'b'),
        fc.integer({ min: 1, max: 5 }),
        (keys, prefix, delimiter, size) => {
          const query = { prefix, delimiter, 'max-keys': String(size) };
          for (const list of [v1, v2]) {
            const { entries } = listAll(bucketWith(keys), query, list);
            assert.equal(entries.length, new Set(entries).size);
            assert.deepEqual(new Set(entries), reference(keys, prefix, delimiter));
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keys are sorted by UTF-8 bytes, not by UTF-16 units', () => {
    const xml = v2(bucketWith(['\u{1f600}', '\uffee', 'z', 'A']), {});
    assert.deepEqual(texts(xml, 'Key'), ['A', 'z', '\uffee', '\u{1f600}']);
  });

  it('a page has 100 keys without max-keys, and KeyCount counts keys and prefixes', () => {
    const xml = v2(bucketWith(Array.from({ length: 150 }, (_, i) => `k${i}`)), {});
    assert.equal(texts(xml, 'Key').length, 100);
    assert.equal(text(xml, 'IsTruncated'), 'true');
    assert.equal(text(v2(bucketWith(['a', 'b/c', 'b/d']), { delimiter: '/' }), 'KeyCount'), '2');
  });

  for (const sent of ['0', '1001', '-1', 'ten', '']) {
    it(`max-keys ${JSON.stringify(sent)} is refused`, () => {
      assert.throws(() => v2(bucketWith([]), { 'max-keys': sent }), { code: 'InvalidArgument', status: 400 });
    });
  }

  it('an encoding other than url and a foreign continuation token are refused', () => {
    assert.throws(() => v2(bucketWith([]), { 'encoding-type': 'base64' }), { code: 'InvalidArgument' });
    assert.throws(() => v2(bucketWith([]), { 'continuation-token': 'a/b' }), { code: 'InvalidArgument' });
  });

  it('Key, Prefix, Delimiter, StartAfter and NextContinuationToken are encoded on request', () => {
    const bucket = bucketWith(['a b/+&<\n', 'a b/2']);
    const xml = v2(bucket, {
      prefix: 'a b/',
      delimiter: '|',
      'start-after': 'a !',
      'max-keys': '1',
      'encoding-type': 'url',
    });
    assert.equal(text(xml, 'Prefix'), 'a%20b%2F');
    assert.equal(text(xml, 'Delimiter'), '%7C');
    assert.equal(text(xml, 'StartAfter'), 'a%20%21');
    assert.deepEqual(texts(xml, 'Key'), ['a%20b%2F%2B%26%3C%0A']);
    assert.equal(text(xml, 'EncodingType'), 'url');
    assert.deepEqual(texts(v2(bucket, {}), 'Key'), ['a b/+&<\n', 'a b/2']);
  });

  it('a listing begins after start-after, which need not exist', () => {
    assert.deepEqual(texts(v2(bucketWith(['a', 'b', 'c']), { 'start-after': 'aa' }), 'Key'), ['b', 'c']);
    assert.deepEqual(texts(v2(bucketWith(['a', 'b', 'c']), { 'start-after': 'b' }), 'Key'), ['c']);
  });

  it('a listing has ETag, Size, LastModified, Type, StorageClass and RestoreInfo, and Owner on request', () => {
    const bucket = bucketWith([]);
    bucket.put('a', { text: 'abc' }, { storageClass: 'Archive', lastModifiedMs: 1_700_000_000_999 }).restore = {
      readyMs: 10,
      expiresMs: 20,
    };
    const [entry] = blocks(v2(bucket, {}), 'Contents');
    assert.deepEqual(
      ['ETag', 'Size', 'LastModified', 'Type', 'StorageClass', 'RestoreInfo'].map((name) => text(entry!, name)),
      [
        '"900150983CD24FB0D6963F7D28E17F72"',
        '3',
        '2023-11-14T22:13:20.000Z',
        'Normal',
        'Archive',
        'ongoing-request="true"',
      ],
    );
    assert.equal(blocks(entry!, 'Owner').length, 0);
    assert.equal(blocks(v2(bucket, { 'fetch-owner': 'true' }), 'Owner').length, 1);
  });

  it('an object and a prefix of the same name stay apart', () => {
    const { entries } = listAll(bucketWith(['both', 'both/inside', 'both/']), { delimiter: '/', 'max-keys': '1' });
    assert.deepEqual(entries, ['both', 'both/']);
  });

  it('a listing continues below a folder object that ended its page (V1 and V2)', () => {
    for (const list of [v1, v2]) {
      const { entries } = listAll(
        bucketWith(['a/', 'a/b', 'a/c/d']),
        { prefix: 'a/', delimiter: '/', 'max-keys': '1' },
        list,
      );
      assert.deepEqual(entries, ['a/', 'a/b', 'a/c/']);
    }
  });

  it('deleted objects are hidden, and so are folders with nothing else in them', () => {
    const bucket = new ObjectStore('cn-hangzhou', () => 0).addBucket('bucket', { versioning: 'Enabled' });
    for (const key of ['gone', 'hidden/gone', 'half/a', 'half/b', 'kept']) {
      bucket.put(key, { text: key });
    }
    for (const key of ['gone', 'hidden/gone', 'half/a']) {
      bucket.remove(key);
    }
    assert.deepEqual(listAll(bucket, { delimiter: '/', 'max-keys': '1' }).entries, ['half/', 'kept']);
  });

  it('a server setting makes pages shorter than requested', () => {
    const xml = listObjectsV2(bucketWith(['a', 'b', 'c']), [['max-keys', '1000']], { nowMs: 0, pageLimit: 2 });
    assert.deepEqual(texts(xml, 'Key'), ['a', 'b']);
    assert.equal(text(xml, 'IsTruncated'), 'true');
  });
});

describe('a bucket of a million generated keys', () => {
  const bucket = new ObjectStore('cn-hangzhou', () => 0).addBucket('million', {
    generated: { count: 1_000_000, keysPerFolder: 10_000 },
  });

  const looks = sinon.spy(bucket.objects, 'keyAt');
  beforeEach(() => looks.resetHistory());

  it('the hundred folders of a million keys fit one page, and few keys are looked at', () => {
    const xml = v2(bucket, { delimiter: '/', 'max-keys': '1000' });
    assert.ok(looks.callCount < 5000, `${looks.callCount} keys were looked at`);
    assert.equal(blocks(xml, 'CommonPrefixes').length, 100);
    assert.equal(text(xml, 'IsTruncated'), 'false');
  });

  it('any page of a million keys is right, and read without the pages before it', () => {
    const xml = v2(bucket, {
      prefix: 'folder-00098/',
      'start-after': 'folder-00098/file-0985000.bin',
      'max-keys': '1000',
    });
    assert.ok(looks.callCount < 5000, `${looks.callCount} keys were looked at`);
    const keys = texts(xml, 'Key');
    assert.deepEqual(
      [keys.length, keys[0], keys.at(-1)],
      [1000, 'folder-00098/file-0985001.bin', 'folder-00098/file-0986000.bin'],
    );
  });

  it('an object among a million generated keys is found by its exact key only', () => {
    assert.equal(bucket.current('folder-00000/file-0000007.bin')?.kind, 'object');
    assert.equal(bucket.current('folder-00000/file-0000007.bi'), undefined);
    assert.throws(() => bucket.put('x', { text: '' }), /cannot be written to/);
  });
});

describe('listing versions', () => {
  const bucket = new ObjectStore('cn-hangzhou', () => 0).addBucket('bucket', { versioning: 'Enabled' });
  const ids = [bucket.put('a', { text: '1' }), bucket.put('a', { text: '2' }), bucket.put('b', { text: '3' })].map(
    (version) => version.versionId,
  );
  const marker = bucket.remove('b')!.versionId;

  it('versions and delete markers are listed newest first, and the latest is marked', () => {
    const xml = versions(bucket, {});
    const summary = (block: string): unknown => ['Key', 'VersionId', 'IsLatest'].map((name) => text(block, name));
    assert.deepEqual(blocks(xml, 'Version').map(summary), [
      ['a', ids[1], 'true'],
      ['a', ids[0], 'false'],
      ['b', ids[2], 'false'],
    ]);
    assert.deepEqual(blocks(xml, 'DeleteMarker').map(summary), [['b', marker, 'true']]);
  });

  it('a version listing continues in the middle of a key', () => {
    const seen: string[] = [];
    let query: Parameters = {};
    for (;;) {
      const xml = versions(bucket, { ...query, 'max-keys': '1' });
      seen.push(...texts(xml, 'VersionId'));
      if (text(xml, 'IsTruncated') === 'false') {
        break;
      }
      query = { 'key-marker': text(xml, 'NextKeyMarker')!, 'version-id-marker': text(xml, 'NextVersionIdMarker')! };
    }
    assert.deepEqual(seen, [ids[1], ids[0], marker, ids[2]]);
  });
});

describe('listing buckets', () => {
  const store = new ObjectStore('cn-hangzhou', () => 0);
  for (const name of ['one', 'two', 'three', 'tree']) {
    store.addBucket(name, name === 'tree' ? { region: 'cn-beijing', storageClass: 'IA' } : {});
  }

  it('a bucket listing gives Location, Region, endpoints and StorageClass', () => {
    const [tree] = blocks(listBuckets(store, [['prefix', 'tree']]), 'Bucket');
    assert.deepEqual(
      ['Name', 'Location', 'Region', 'ExtranetEndpoint', 'IntranetEndpoint', 'StorageClass', 'CreationDate'].map(
        (name) => text(tree!, name),
      ),
      [
        'tree',
        'oss-cn-beijing',
        'cn-beijing',
        'oss-cn-beijing.aliyuncs.com',
        'oss-cn-beijing-internal.aliyuncs.com',
        'IA',
        '1970-01-01T00:00:00.000Z',
      ],
    );
  });

  it('buckets are paged by marker and max-keys, without paging elements if all fit', () => {
    const first = listBuckets(store, [['max-keys', '3']]);
    assert.deepEqual(
      [texts(first, 'Name'), text(first, 'IsTruncated'), text(first, 'NextMarker')],
      [['one', 'three', 'tree'], 'true', 'tree'],
    );
    const second = listBuckets(store, [
      ['max-keys', '3'],
      ['marker', 'tree'],
    ]);
    assert.deepEqual([texts(second, 'Name'), text(second, 'IsTruncated')], [['two'], 'false']);
    assert.equal(text(listBuckets(store, []), 'IsTruncated'), undefined);
  });
});
