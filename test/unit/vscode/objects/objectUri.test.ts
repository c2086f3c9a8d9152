import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { objectOf, objectUri } from '../../../../src/vscode/objects/objectUri.ts';
import type { ObjectFile } from '../../../../src/vscode/objects/objectUri.ts';
import { awkwardKeys } from '../../../server/objects/sampleData.ts';

const file = (key: string, more: Partial<ObjectFile['object']> = {}): ObjectFile => ({
  object: { profile: 'p', bucket: 'docs', key, ...more },
});

describe('the URI of an object in an editor', () => {
  it('leads back to the object, whatever its key', () => {
    for (const key of [...awkwardKeys, '/', '//', '.', '..', 'a/./b', '%2E', '\ud800', '["p"]']) {
      for (const each of [file(key), file(key, { versionId: 'CAEQ' }), { ...file(key), firstBytes: 65_536 }]) {
        assert.deepEqual(objectOf(objectUri(each)), each, JSON.stringify(key));
      }
    }
  });

  it('is another one for every other object, also where the editor does not care for case', () => {
    const all = [
      ...awkwardKeys.map((key) => file(key)),
      file('a//b'),
      file('a/b'),
      file('a/../a/b'),
      file('CON', { profile: 'q' }),
      file('CON', { versionId: 'v' }),
      { ...file('CON'), firstBytes: 1 },
    ];
    const seen = all.map((each) => objectUri(each).query);
    assert.equal(new Set(seen).size, all.length);
  });

  it('has a path that no normalization changes and that holds nothing invisible', () => {
    for (const key of [...awkwardKeys, '/', '../..', 'a//../b', 'dir/']) {
      const { path } = objectUri(file(key));
      assert.equal(posix.normalize(path), path);
      assert.doesNotMatch(path, /[\p{Cc}\p{Cf}\\]/u);
    }
  });

  it('shows the name, and of a beginning how much it is', () => {
    assert.equal(objectUri(file('a/b/访问.log')).path, '/a/b/访问.log');
    assert.equal(objectUri({ ...file('a/b/访问.log'), firstBytes: 65_536 }).path, '/a/b/[0-64 KB] 访问.log');
  });

  it('names the profile, the bucket, the key and the version, and nothing else of the object', () => {
    const { authority, query } = objectUri(file('a.txt', { region: 'cn-hangzhou', versionId: 'v' }));
    assert.equal(authority, 'docs');
    assert.equal(query, '["p","docs","a.txt","v",null]');
  });

  it('is none of an object when something beside it was looked for, or when it was made by somebody else', () => {
    const uri = objectUri(file('a/b.txt'));
    for (const other of [
      { ...uri, path: '/a/package.json' },
      { ...uri, path: '/a' },
      { ...uri, path: '/' },
      { ...uri, authority: 'other' },
      { ...uri, scheme: 'file' },
      { ...uri, query: '' },
      { ...uri, query: 'x' },
      { ...uri, query: '{}' },
      { ...uri, query: '["p","docs","a/b.txt",null,-1]' },
      { ...uri, query: '["p","docs","a/b.txt",null,"all"]' },
      { ...uri, query: '["p","docs","a/b.txt"]' },
      { ...uri, query: '["p","docs","a/b.txt",null,null,1]' },
    ]) {
      assert.equal(objectOf(other), undefined, JSON.stringify(other));
    }
  });
});
