import assert from 'node:assert/strict';
import { posix } from 'node:path';
import { objectOf, objectUri } from '../../../../src/vscode/objects/objectUri.ts';
import type { ObjectFile } from '../../../../src/vscode/objects/objectUri.ts';
import { awkwardKeys } from '../../../server/objects/sampleData.ts';

const file = (key: string, more: Partial<ObjectFile['object']> = {}): ObjectFile => ({
  object: { profile: 'p', bucket: 'docs', key, ...more },
});

describe('URI of an object in an editor', () => {
  it('an object URI leads back to its object, whatever the key', () => {
    for (const key of [...awkwardKeys, '/', '//', '.', '..', 'a/./b', '%2E', '\ud800', '["p"]']) {
      for (const each of [file(key), file(key, { versionId: 'CAEQ' }), { ...file(key), firstBytes: 65_536 }]) {
        assert.deepEqual(objectOf(objectUri(each)), each, JSON.stringify(key));
      }
    }
  });

  it('two objects never share a URI, even on a case-insensitive comparison', () => {
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

  it('an object URI has a path that normalization leaves unchanged, without invisible characters', () => {
    for (const key of [...awkwardKeys, '/', '../..', 'a//../b', 'dir/']) {
      const { path } = objectUri(file(key));
      assert.equal(posix.normalize(path), path);
      assert.doesNotMatch(path, /[\p{Cc}\p{Cf}\\]/u);
    }
  });

  it('an object URI shows the name, and the length of a beginning', () => {
    assert.equal(objectUri(file('a/b/访问.log')).path, '/a/b/访问.log');
    assert.equal(objectUri({ ...file('a/b/访问.log'), firstBytes: 65_536 }).path, '/a/b/[0-64 KB] 访问.log');
  });

  it('an object URI contains profile, bucket, key and version, and no other fact', () => {
    const { authority, query } = objectUri(file('a.txt', { region: 'cn-hangzhou', versionId: 'v' }));
    assert.equal(authority, 'docs');
    assert.equal(query, '["p","docs","a.txt","v",null]');
  });

  it('a URI of a sibling file or from another source is not an object URI', () => {
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
