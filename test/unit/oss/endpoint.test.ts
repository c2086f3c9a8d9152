import assert from 'node:assert/strict';
import { AppError } from '../../../src/base/errors.ts';
import { endpointOf, normalizeRegion, requestBase } from '../../../src/oss/endpoint.ts';
import type { Profile } from '../../../src/oss/profile.ts';

type Place = Pick<Profile, 'region' | 'endpoint' | 'addressing'>;
const originOf = (place: Place, bucket?: string, region?: string): string => {
  const { origin, pathPrefix } = requestBase(endpointOf(place, region), bucket);
  return origin + pathPrefix;
};

function assertInvalid(action: () => unknown, text: string, remedy: RegExp): void {
  assert.throws(action, (error) => {
    assert(error instanceof AppError, String(error));
    assert.equal(error.code, 'input/invalidEndpoint');
    assert(error.message.includes(text), error.message);
    assert.match(error.message, remedy);
    return true;
  });
}

describe('endpoint', () => {
  it('a region alone gives an https endpoint with the bucket in the host', () => {
    assert.deepEqual(endpointOf({ region: 'cn-hangzhou' }), {
      scheme: 'https',
      host: 'oss-cn-hangzhou.aliyuncs.com',
      region: 'cn-hangzhou',
      addressing: 'virtualHosted',
      publicHost: { kind: 'public', region: 'cn-hangzhou' },
    });
    assert.equal(originOf({ region: 'oss-cn-hangzhou' }, 'photos'), 'https://photos.oss-cn-hangzhou.aliyuncs.com');
    assert.equal(
      originOf({ region: 'cn-hangzhou' }),
      'https://oss-cn-hangzhou.aliyuncs.com',
      'the service itself carries no bucket',
    );
  });

  it('the region is recognized in every kind of public host', () => {
    for (const [endpoint, kind, region] of [
      ['oss-cn-hangzhou.aliyuncs.com', 'public', 'cn-hangzhou'],
      ['https://oss-ap-southeast-1.aliyuncs.com/', 'public', 'ap-southeast-1'],
      ['http://oss-cn-hangzhou-internal.aliyuncs.com', 'internal', 'cn-hangzhou'],
      ['OSS-CN-Wuhan-LR.Aliyuncs.com', 'public', 'cn-wuhan-lr'],
      ['cn-shanghai.oss.aliyuncs.com', 'dualStack', 'cn-shanghai'],
      ['oss-accelerate.aliyuncs.com', 'accelerate', undefined],
      ['oss-accelerate-overseas.aliyuncs.com', 'accelerateOverseas', undefined],
    ] as const) {
      const found = endpointOf({ endpoint });
      assert.deepEqual(
        [found.publicHost?.kind, found.region, found.addressing],
        [kind, region, 'virtualHosted'],
        endpoint,
      );
      assert.equal(found.scheme, endpoint.startsWith('http:') ? 'http' : 'https');
    }
  });

  it('a bucket in another region gets an endpoint of the same kind there', () => {
    assert.equal(originOf({ region: 'cn-hangzhou' }, 'b', 'cn-beijing'), 'https://b.oss-cn-beijing.aliyuncs.com');
    assert.equal(originOf({ region: 'cn-hangzhou' }, 'b', 'oss-cn-beijing'), 'https://b.oss-cn-beijing.aliyuncs.com');
    assert.equal(
      originOf({ endpoint: 'http://oss-cn-hangzhou-internal.aliyuncs.com' }, 'b', 'cn-hangzhou'),
      'http://b.oss-cn-hangzhou-internal.aliyuncs.com',
    );
    assert.equal(
      originOf({ endpoint: 'http://oss-cn-hangzhou-internal.aliyuncs.com' }, 'b', 'cn-beijing'),
      'https://b.oss-cn-beijing.aliyuncs.com',
    );
    assert.equal(
      originOf({ endpoint: 'cn-hangzhou.oss.aliyuncs.com' }, 'b', 'cn-beijing'),
      'https://b.cn-beijing.oss.aliyuncs.com',
    );
    const accelerated = endpointOf({ endpoint: 'oss-accelerate.aliyuncs.com', region: 'cn-hangzhou' }, 'cn-beijing');
    assert.deepEqual([accelerated.host, accelerated.region], ['oss-accelerate.aliyuncs.com', 'cn-beijing']);
  });

  it('a custom host stays for any bucket region, and requests are signed for the region of the profile', () => {
    const place = { endpoint: 'https://oss.corp.example:8443', region: 'cn-corp-1' };
    assert.equal(originOf(place, 'b', 'cn-beijing'), 'https://b.oss.corp.example:8443');
    assert.equal(endpointOf(place, 'cn-beijing').region, 'cn-corp-1');
    assert.equal(endpointOf({ endpoint: 'oss.corp.example' }).region, undefined);
    assert.equal(endpointOf({ endpoint: 'oss.corp.example' }, 'cn-beijing').region, 'cn-beijing');
  });

  it('the bucket goes into the path for IP addresses and localhost, and nowhere for its own domain', () => {
    assert.equal(originOf({ endpoint: 'http://127.0.0.1:9000' }, 'b'), 'http://127.0.0.1:9000/b');
    assert.equal(originOf({ endpoint: 'http://[::1]:9000' }, 'b'), 'http://[::1]:9000/b');
    assert.equal(originOf({ endpoint: 'http://localhost:9000/' }, 'b'), 'http://localhost:9000/b');
    assert.equal(
      originOf({ endpoint: 'http://localhost:9000', addressing: 'virtualHosted' }, 'b'),
      'http://b.localhost:9000',
    );
    assert.equal(originOf({ endpoint: 'oss.corp.example', addressing: 'path' }, 'b'), 'https://oss.corp.example/b');
    assert.equal(originOf({ endpoint: 'img.example.com', addressing: 'cname' }, 'b'), 'https://img.example.com');
  });

  it('an invalid endpoint is refused with a message that names it and the remedy', () => {
    for (const [endpoint, remedy] of [
      ['ftp://oss-cn-hangzhou.aliyuncs.com', /only http and https/],
      ['https://', /an endpoint is a host/],
      ['oss cn hangzhou', /an endpoint is a host/],
      ['https://host name.example', /an endpoint is a host/],
      ['oss-cn-hangzhou.aliyuncs.com/bucket', /leave out everything behind the host/],
      ['https://oss-cn-hangzhou.aliyuncs.com?x=1', /leave out everything behind the host/],
      ['https://oss-cn-hangzhou.aliyuncs.com\\x', /leave out everything behind the host/],
      ['https://b.oss-cn-hangzhou.aliyuncs.com', /use oss-cn-hangzhou\.aliyuncs\.com/],
      ['127.0.0.1:99999', /an endpoint is a host/],
      ['127.0.0.1:0', /an endpoint is a host/],
      ['127.0.0.256', /an endpoint is a host/],
      ['[::1', /an endpoint is a host/],
      ['a..b.example', /an endpoint is a host/],
      ['-a.example', /an endpoint is a host/],
      [`${'a'.repeat(64)}.example`, /an endpoint is a host/],
      ['\u4f8b\u3048.example', /an endpoint is a host/],
    ] as const) {
      assertInvalid(() => endpointOf({ endpoint }), JSON.stringify(endpoint), remedy);
    }
    assertInvalid(() => endpointOf({}), '""', /a profile needs a region/);
    assertInvalid(() => endpointOf({ endpoint: '  ', region: ' ' }), '""', /a profile needs a region/);
    assertInvalid(
      () => endpointOf({ endpoint: 'oss-cn-hangzhou.aliyuncs.com', region: 'cn-beijing' }),
      'oss-cn-hangzhou',
      /make them the same/,
    );
  });

  it('a password or signature pasted with the endpoint is never repeated', () => {
    for (const endpoint of [
      'https://user:hidden@host.example',
      'user:hid/hidden@host.example',
      'https://h.example/k?Signature=hidden&Expires=1',
    ]) {
      assert.throws(
        () => endpointOf({ endpoint }),
        (error: Error) => !error.message.includes('hidden') && !error.message.includes('user:'),
      );
    }
  });

  it('regions are read in all common spellings', () => {
    assert.equal(normalizeRegion(' OSS-cn-Hangzhou '), 'cn-hangzhou');
    assert.equal(normalizeRegion('us-west-1'), 'us-west-1');
    for (const text of [
      '',
      'cn hangzhou',
      'oss-cn-hangzhou.aliyuncs.com',
      'cn_hangzhou',
      'cn-',
      'oss-cn-hangzhou-internal',
      '../x',
    ]) {
      assertInvalid(() => normalizeRegion(text), JSON.stringify(text), /looks like cn-hangzhou/);
    }
  });
});
