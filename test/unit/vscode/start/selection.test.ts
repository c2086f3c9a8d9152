import assert from 'node:assert/strict';
import { AppError } from '../../../../src/base/errors.ts';
import { bucketNode, moreNode, objectNode, prefixNode } from '../../../../src/vscode/treeNodes.ts';
import { joinTargets, readTargets, targetOf } from '../../../../src/vscode/start/selection.ts';
import { object } from '../support/fakeLister.ts';

const node = (key: string) => objectNode(object(key, 7), '');
const inBucket = { profile: 'p', bucket: 'b-1' };
const invalidPath = (error: unknown): boolean => error instanceof AppError && error.code === 'input/invalidPath';

describe('readTargets', () => {
  it('is undefined when the palette calls without an argument', () => {
    assert.equal(readTargets(undefined, undefined), undefined);
  });

  it('takes the whole selection, and what the listing said of each object', () => {
    const targets = readTargets(node('a'), [node('a'), node('b')]);
    assert.deepEqual(
      targets?.objects.map(({ ref, known }) => [ref.key, known]),
      [
        ['a', { sizeBytes: 7, etag: '"e"' }],
        ['b', { sizeBytes: 7, etag: '"e"' }],
      ],
    );
  });

  it('does not take what a listing says of a symbolic link for what its target is', () => {
    const ref = { profile: 'p', bucket: 'b-1', key: 'link' };
    const link = objectNode({ ...object('link'), ref, type: 'Symlink' }, '');
    assert.deepEqual(readTargets(link, undefined)?.objects, [{ ref }]);
  });

  it('knows which objects must be restored first', () => {
    const isArchived = (more: object): boolean | undefined =>
      readTargets(objectNode({ ...object('a'), ...more }, ''), undefined)?.objects[0]?.isArchived;
    assert.deepEqual(
      [{}, { storageClass: 'ColdArchive' }, { storageClass: 'Archive', restore: { kind: 'restored' } }].map(isArchived),
      [undefined, true, undefined],
    );
  });

  it('takes objects, folders and buckets of a selection, and leaves other rows out', () => {
    const folder = prefixNode(inBucket, 'f/', '');
    const targets = readTargets(node('a'), [
      folder,
      node('a'),
      bucketNode(inBucket, { ...inBucket, storageClass: 'Standard', createdMs: 0 }),
      moreNode(folder),
    ]);
    assert.equal(targets?.objects.length, 1);
    assert.deepEqual(targets.folders, [
      { bucket: inBucket, prefix: 'f/' },
      { bucket: inBucket, prefix: '' },
    ]);
  });

  it('takes an object once that is selected below its bucket and below a pinned folder', () => {
    const twice = [objectNode(object('f/a', 7), 'f/'), objectNode(object('f/a', 7), 'f/', 'f/')];
    assert.deepEqual(
      readTargets(twice[0], twice)?.objects.map(({ ref }) => ref.key),
      ['f/a'],
    );
  });

  it('takes a path that ends in a slash for a folder, and one without a key for the bucket', () => {
    assert.deepEqual(targetOf({ ...inBucket, key: 'f/' }), {
      objects: [],
      folders: [{ bucket: inBucket, prefix: 'f/' }],
    });
    assert.deepEqual(targetOf({ ...inBucket, key: '' }), { objects: [], folders: [{ bucket: inBucket, prefix: '' }] });
    assert.deepEqual(targetOf({ ...inBucket, key: 'f' }), {
      objects: [{ ref: { ...inBucket, key: 'f' } }],
      folders: [],
    });
  });

  it('does not take twice what lies in a folder that is selected, too', () => {
    const folders = ['a/', 'a/b/', 'c/'].map((prefix) => ({ bucket: inBucket, prefix }));
    const objects = ['a/x', 'ab', 'c/d/y'].map((key) => ({ ref: { ...inBucket, key } }));
    const other = { bucket: { profile: 'p', bucket: 'b-2' }, prefix: 'a/b/' };
    const joined = joinTargets([
      { folders, objects },
      { folders: [other, { bucket: inBucket, prefix: 'c/' }], objects: [] },
    ]);
    assert.deepEqual(
      joined.folders.map(({ bucket, prefix }) => `${bucket.bucket} ${prefix}`),
      ['b-1 a/', 'b-1 c/', 'b-2 a/b/'],
    );
    assert.deepEqual(
      joined.objects.map(({ ref }) => ref.key),
      ['ab'],
    );
  });

  it('takes a path as another extension passes it, its key untouched', () => {
    assert.deepEqual(readTargets('oss://b-1/a//%2e../ c ', undefined)?.paths, [{ bucket: 'b-1', key: 'a//%2e../ c ' }]);
  });

  it('takes an object as another extension passes it, and only the properties that it knows', () => {
    const ref = { profile: 'p', bucket: 'b-1', key: 'k', region: 'cn-beijing', versionId: 'v', secret: 's' };
    assert.deepEqual(readTargets(ref, undefined)?.objects, [
      { ref: { profile: 'p', bucket: 'b-1', key: 'k', region: 'cn-beijing', versionId: 'v' } },
    ]);
  });

  for (const nonsense of [
    '',
    'nonsense',
    'oss://',
    'oss://B/k',
    'https://example.com/k',
    7,
    {},
    { profile: 'p', bucket: 'b-1', key: '' },
  ]) {
    it(`refuses ${JSON.stringify(nonsense)}`, () => {
      assert.throws(() => readTargets(nonsense, undefined), invalidPath);
    });
  }
});
