import assert from 'node:assert/strict';
import { describeObject, formatOssPath, isBucketName, parseOssPath } from '../../../src/oss/ossPath.ts';
import { awkwardKeys } from '../../server/sampleData.ts';

describe('oss:// paths', () => {
  it('name a bucket, a folder or an object', () => {
    assert.deepEqual(parseOssPath('oss://photos'), { bucket: 'photos', key: '' });
    assert.deepEqual(parseOssPath('oss://photos/'), { bucket: 'photos', key: '' });
    assert.deepEqual(parseOssPath('  oss://photos/2024/'), { bucket: 'photos', key: '2024/' });
  });

  it('keep every byte of a key, both ways', () => {
    for (const key of [...awkwardKeys, 'a//b', 'x ', '%41', 'a\u2028b', 'line\nbreak\r\n']) {
      assert.deepEqual(parseOssPath(formatOssPath({ bucket: 'photos', key })), { bucket: 'photos', key });
    }
  });

  it('are refused with what is wrong with them', () => {
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
      assert.throws(() => parseOssPath(text), (error: Error) => {
        assert.equal((error as Error & { code: string }).code, 'input/invalidPath');
        assert.match(error.message, why);
        return true;
      }, text);
    }
  });

  it('know bucket names', () => {
    assert(['abc', 'a1-b2', 'old_bucket', 'a'.repeat(63)].every(isBucketName));
    assert(!['ab', '-abc', 'abc-', 'ABC', 'a.b.c', 'a'.repeat(64), 'a/b'].some(isBucketName));
  });

  it('stay on one line where a log or a message names them', () => {
    assert.equal(describeObject({ bucket: 'b1b', key: 'a\nb\u0007\u4e2d', versionId: 'v' }), 'oss://b1b/a\\u000ab\\u0007\u4e2d (version v)');
  });
});
