import assert from 'node:assert/strict';
import { AppError } from '../../../../src/base/errors.ts';
import { bucketNode, moreNode, objectNode, prefixNode } from '../../../../src/vscode/treeNodes.ts';
import { joinSelections, readSelection, selectionOf } from '../../../../src/vscode/start/selection.ts';
import { object } from '../support/fakeLister.ts';

const node = (key: string) => objectNode(object(key, 7), '');
const inBucket = { profile: 'p', bucket: 'b-1' };
const invalidPath = (error: unknown): boolean => error instanceof AppError && error.code === 'input/invalidPath';

describe('readSelection', () => {
  it('a call from the palette without arguments has no targets', () => {
    assert.equal(readSelection(undefined, undefined), undefined);
  });

  it('the whole selection is used, with the facts of the listing', () => {
    const targets = readSelection(node('a'), [node('a'), node('b')]);
    assert.deepEqual(
      targets?.objects.map(({ ref, known }) => [ref.key, known]),
      [
        ['a', { sizeBytes: 7, etag: '"e"' }],
        ['b', { sizeBytes: 7, etag: '"e"' }],
      ],
    );
  });

  it('the listed facts of a symbolic link are not used for its target', () => {
    const ref = { profile: 'p', bucket: 'b-1', key: 'link' };
    const link = objectNode({ ...object('link'), ref, type: 'Symlink' }, '');
    assert.deepEqual(readSelection(link, undefined)?.objects, [{ ref }]);
  });

  it('objects that need a restore are marked', () => {
    const isArchived = (more: object): boolean | undefined =>
      readSelection(objectNode({ ...object('a'), ...more }, ''), undefined)?.objects[0]?.isArchived;
    assert.deepEqual(
      [{}, { storageClass: 'ColdArchive' }, { storageClass: 'Archive', restore: { kind: 'restored' } }].map(isArchived),
      [undefined, true, undefined],
    );
  });

  it('objects, folders and buckets of a selection are used, and other rows ignored', () => {
    const folder = prefixNode(inBucket, 'f/', '');
    const targets = readSelection(node('a'), [
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

  it('an object that is selected below its bucket and below a pinned folder counts once', () => {
    const twice = [objectNode(object('f/a', 7), 'f/'), objectNode(object('f/a', 7), 'f/', 'f/')];
    assert.deepEqual(
      readSelection(twice[0], twice)?.objects.map(({ ref }) => ref.key),
      ['f/a'],
    );
  });

  it('a path with a final slash is a folder, and one without a key the bucket', () => {
    assert.deepEqual(selectionOf({ ...inBucket, key: 'f/' }), {
      objects: [],
      folders: [{ bucket: inBucket, prefix: 'f/' }],
    });
    assert.deepEqual(selectionOf({ ...inBucket, key: '' }), {
      objects: [],
      folders: [{ bucket: inBucket, prefix: '' }],
    });
    assert.deepEqual(selectionOf({ ...inBucket, key: 'f' }), {
      objects: [{ ref: { ...inBucket, key: 'f' } }],
      folders: [],
    });
  });

  it('the contents of a selected folder are not used twice', () => {
    const folders = ['a/', 'a/b/', 'c/'].map((prefix) => ({ bucket: inBucket, prefix }));
    const objects = ['a/x', 'ab', 'c/d/y'].map((key) => ({ ref: { ...inBucket, key } }));
    const other = { bucket: { profile: 'p', bucket: 'b-2' }, prefix: 'a/b/' };
    const joined = joinSelections([
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

  it('a path from another extension keeps its key unchanged', () => {
    assert.deepEqual(readSelection('oss://b-1/a//%2e../ c ', undefined)?.paths, [
      { bucket: 'b-1', key: 'a//%2e../ c ' },
    ]);
  });

  it('an object from another extension keeps only known properties', () => {
    const ref = { profile: 'p', bucket: 'b-1', key: 'k', region: 'cn-beijing', versionId: 'v', secret: 's' };
    assert.deepEqual(readSelection(ref, undefined)?.objects, [
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
    it(`the argument ${JSON.stringify(nonsense)} is refused`, () => {
      assert.throws(() => readSelection(nonsense, undefined), invalidPath);
    });
  }
});
