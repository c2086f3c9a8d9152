import assert from 'node:assert/strict';
import { redact } from '../../../src/base/redact.ts';

describe('redact', () => {
  it('credentials are removed from signed URLs of both signature versions', () => {
    const v4 =
      'GET https://b.oss-cn-hangzhou.aliyuncs.com/k?x-oss-date=20231217T025437Z&x-oss-credential=AK%2F2023&' +
      'x-oss-signature=a399&x-oss-security-token=CAIS done';
    assert.equal(
      redact(v4),
      'GET https://b.oss-cn-hangzhou.aliyuncs.com/k?x-oss-date=20231217T025437Z&x-oss-credential=…&x-oss-sign' +
        'ature=…&x-oss-security-token=… done',
    );
    assert.equal(
      redact('/key?Expires=1699807420&OSSAccessKeyId=ak&Signature=dcLT%3D&versionId=v&security-token=CAIS'),
      '/key?Expires=1699807420&OSSAccessKeyId=…&Signature=…&versionId=v&security-token=…',
    );
  });

  it('authorization headers, as lines or as JSON, and passwords in URLs are removed', () => {
    assert.equal(redact('Authorization: OSS ak:kSHKm=\nnext line'), 'Authorization: …\nnext line');
    assert.equal(redact('{"proxy-authorization":"Basic dXNlcg==","a":1}'), '{"proxy-authorization":"…","a":1}');
    assert.equal(
      redact('proxy http://user:pass@proxy.example:8080/ refused'),
      'proxy http://…@proxy.example:8080/ refused',
    );
  });

  it('other text stays unchanged', () => {
    const text = 'SignatureDoesNotMatch (403, EC 0002-00000201, request 6557): oss://bucket/a=b&c@d';
    assert.equal(redact(text), text);
  });
});
