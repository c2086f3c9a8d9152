import assert from 'node:assert/strict';
import { AppError } from '../../../src/base/errors.ts';
import { bucketNode, objectNode, prefixNode } from '../../../src/vscode/bucketNodes.ts';
import { readTargets } from '../../../src/vscode/downloadTargets.ts';
import { object } from './fakeLister.ts';

const node = (key: string) => objectNode(object(key, 7), '');
const invalidPath = (error: unknown): boolean => error instanceof AppError && error.code === 'input/invalidPath';

describe('readTargets', () => {
  it('is undefined when the palette calls without an argument', () => {
    assert.equal(readTargets(undefined, undefined), undefined);
  });

  it('takes the whole selection, and what the listing said of each object', () => {
    const targets = readTargets(node('a'), [node('a'), node('b')]);
    assert.deepEqual(targets?.objects.map(({ ref, known }) => [ref.key, known]), [
      ['a', { sizeBytes: 7, etag: '"e"' }],
      ['b', { sizeBytes: 7, etag: '"e"' }],
    ]);
  });

  it('does not take what a listing says of a symbolic link for what its target is', () => {
    const ref = { profile: 'p', bucket: 'b-1', key: 'link' };
    const link = objectNode({ ...object('link'), ref, type: 'Symlink' }, '');
    assert.deepEqual(readTargets(link, undefined)?.objects, [{ ref }]);
  });

  it('takes only the objects of a selection that holds folders and buckets too', () => {
    const inBucket = { profile: 'p', bucket: 'b-1' };
    assert.equal(readTargets(node('a'), [prefixNode(inBucket, 'f/', ''), node('a'), bucketNode(inBucket, false)])?.objects.length, 1);
  });

  it('takes a path as another extension passes it, its key untouched', () => {
    assert.deepEqual(readTargets('oss://b-1/a//%2e../ c ', undefined)?.paths, [{ bucket: 'b-1', key: 'a//%2e../ c ' }]);
  });

  it('takes an object as another extension passes it, and only the properties that it knows', () => {
    const ref = { profile: 'p', bucket: 'b-1', key: 'k', region: 'cn-beijing', versionId: 'v', secret: 's' };
    assert.deepEqual(readTargets(ref, undefined)?.objects, [{ ref: { profile: 'p', bucket: 'b-1', key: 'k', region: 'cn-beijing', versionId: 'v' } }]);
  });

  for (const nonsense of ['', 'nonsense', 'oss://', 'oss://B/k', 'oss://b-1', 'oss://b-1/', 'https://example.com/k', 7, {}, { profile: 'p', bucket: 'b-1', key: '' }]) {
    it(`refuses ${JSON.stringify(nonsense)}`, () => {
      assert.throws(() => readTargets(nonsense, undefined), invalidPath);
    });
  }
});
