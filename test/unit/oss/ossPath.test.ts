import assert from 'node:assert/strict';
import {
  describeObject,
  formatOssPath,
  isBucketName,
  parseBucketOrFolder,
  parseOssPath,
  parseTypedPath,
} from '../../../src/oss/ossPath.ts';
import { awkwardKeys } from '../../server/objects/sampleData.ts';

describe('oss:// paths', () => {
  it('an oss:// path names a bucket, a folder or an object', () => {
    assert.deepEqual(parseOssPath('oss://photos'), { bucket: 'photos', key: '' });
    assert.deepEqual(parseOssPath('oss://photos/'), { bucket: 'photos', key: '' });
    assert.deepEqual(parseOssPath('  oss://photos/2024/'), { bucket: 'photos', key: '2024/' });
  });

  it('an oss:// path keeps every byte of a key, in both directions', () => {
    for (const key of [...awkwardKeys, 'a//b', 'x ', '%41', 'a\u2028b', 'line\nbreak\r\n']) {
      assert.deepEqual(parseOssPath(formatOssPath({ bucket: 'photos', key })), { bucket: 'photos', key });
    }
  });

  it('an invalid path is refused with the reason', () => {
    for (const [text, why] of [
      ['', /looks like oss:\/\/bucket\/key/],
      ['photos/a.jpg', /looks like oss:/],
      ['https://photos.example/a', /looks like oss:/],
      ['oss://', /looks like oss:/],
      ['oss:///key', /looks like oss:/],
      ['oss://Photos/a', /"Photos" is no bucket name/],
      ['oss://ab/a', /"ab" is no bucket name/],
      ['oss://a b c/a', /is no bucket name/],
      ['oss://photos//a', /starts with neither/],
      ['oss://photos/\\a', /starts with neither/],
      [`oss://photos/${'\u4e2d'.repeat(342)}`, /more than 1023 bytes/],
      ['oss://photos/\ud800', /half a character/],
    ] as const) {
      assert.throws(
        () => parseOssPath(text),
        (error: Error) => {
          assert.equal((error as Error & { code: string }).code, 'input/invalidPath');
          assert.match(error.message, why);
          return true;
        },
        text,
      );
    }
  });

  it('a bucket or folder can be typed without oss:// and without the final slash', () => {
    for (const text of ['photos', ' photos/ ', 'oss://photos', '\toss://photos/\n']) {
      assert.deepEqual(parseBucketOrFolder(text), { bucket: 'photos', key: '' }, text);
    }
    for (const text of ['photos/a b/2026', 'photos/a b/2026/', 'oss://photos/a b/2026 ', ' oss://photos/a b/2026/ ']) {
      assert.deepEqual(parseBucketOrFolder(text), { bucket: 'photos', key: 'a b/2026/' }, text);
    }
    assert.deepEqual(parseBucketOrFolder('photos/a//'), { bucket: 'photos', key: 'a//' });
    assert.deepEqual(parseBucketOrFolder('photos/%41/../ /'), { bucket: 'photos', key: '%41/../ /' });
    assert.equal(parseBucketOrFolder(`photos/${'a'.repeat(1022)}`).key.length, 1023);
  });

  it('an object can be typed with or without oss://', () => {
    assert.deepEqual(parseTypedPath(' photos/a b '), { bucket: 'photos', key: 'a b' });
    assert.deepEqual(parseTypedPath('oss://photos/a/'), { bucket: 'photos', key: 'a/' });
    assert.throws(() => parseTypedPath('photos//a'), { code: 'input/invalidPath' });
  });

  it('a typed path that names neither bucket nor folder is refused', () => {
    for (const text of [
      '',
      'oss://',
      'ab',
      'Photos',
      'https://photos.example/a/',
      'photos//a/',
      'photos/\\a',
      `photos/${'a'.repeat(1023)}`,
    ]) {
      assert.throws(() => parseBucketOrFolder(text), { code: 'input/invalidPath' }, text);
    }
  });

  it('bucket names are validated', () => {
    assert(['abc', 'a1-b2', 'old_bucket', 'a'.repeat(63)].every(isBucketName));
    assert(!['ab', '-abc', 'abc-', 'ABC', 'a.b.c', 'a'.repeat(64), 'a/b'].some(isBucketName));
  });

  it('a path stays on one line in a log or a message', () => {
    assert.equal(
      describeObject({ bucket: 'b1b', key: 'a\nb\u0007\u4e2d', versionId: 'v' }),
      'oss://b1b/a\\u000ab\\u0007\u4e2d (version v)',
    );
  });
});
