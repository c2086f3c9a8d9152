import assert from 'node:assert/strict';
import { silentLogger } from '../../../support/silentLogger.ts';
import type { Logger } from '../../../../src/base/logger.ts';
import { createAliOssAccess } from '../../../../src/oss/api/ossAccess.ts';
import type { OssAccess } from '../../../../src/oss/api/ossAccess.ts';
import { startOssServer } from '../../../server/ossServer.ts';
import type { OssServer } from '../../../server/ossServer.ts';
import { accessTo, never, oneProfile } from '../support/access.ts';
import type { OneProfile } from '../support/access.ts';
import { assertFails, directNetwork } from '../support/answers.ts';

const object = { profile: 'p', bucket: 'private', key: 'k.txt' };

describe('OSS access: a bucket in another region than that of the profile', () => {
  let server: OssServer;
  let lines: string[];
  let profiles: OneProfile;
  let oss: OssAccess;
  const logger: Logger = { log: (level, message) => void lines.push(`${level} ${message}`) };

  before(async () => {
    server = await startOssServer({ buckets: { private: {}, beijing: { region: 'cn-beijing' } } });
    server.store.bucket('private').put('k.txt', { text: 'private text' });
    server.store.bucket('beijing').put('far.txt', { text: 'far away' });
  });
  beforeEach(() => {
    lines = [];
    profiles = oneProfile({ endpoint: server.url, region: 'cn-hangzhou' });
    oss = accessTo(profiles, { logger });
  });
  afterEach(async () => {
    await oss.close();
    server.faults.clear();
    server.requests.clear();
  });
  after(() => server.close());

  it('a bucket in another region is found there on the public cloud, and its region is kept for signing', async () => {
    oss.setNetwork({ ...directNetwork, proxyUrl: server.url });
    profiles.current = { endpoint: 'http://oss-cn-hangzhou.aliyuncs.com' };
    const far = { profile: 'p', bucket: 'beijing', key: 'far.txt' };
    const meta = await oss.head(far, never);
    assert.equal(meta.ref.region, 'cn-beijing');
    assert.deepEqual(
      server.requests.entries.map(({ host }) => host),
      ['beijing.oss-cn-hangzhou.aliyuncs.com', 'beijing.oss-cn-beijing.aliyuncs.com'],
    );
    const [entry] = (await oss.listEntries({ profile: 'p', bucket: 'beijing' }, '', undefined, never)).items;
    assert(entry?.kind === 'object');
    assert.equal(entry.object.ref.region, 'cn-beijing');
    assert.match(
      (await oss.signGet(far, never)).url,
      /^http:\/\/beijing\.oss-cn-beijing\.aliyuncs\.com\/far\.txt\?.*cn-beijing/,
    );
    assert.equal(server.requests.entries.length, 3);
    assert.deepEqual(
      lines.filter((line) => /is in/.test(line)),
      ['info a bucket is in cn-beijing, not in cn-hangzhou; requests now go there: beijing'],
    );
  });

  it('a bucket is requested in its region at once if an earlier access learned it', async () => {
    profiles.current = { endpoint: 'http://oss-cn-hangzhou.aliyuncs.com' };
    const bucketRegions = new Map<string, string>();
    const hosts = async (): Promise<readonly string[]> => {
      server.requests.clear();
      const access = createAliOssAccess({
        profiles,
        network: { ...directNetwork, proxyUrl: server.url },
        logger: silentLogger,
        pageSize: () => 500,
        bucketRegions,
      });
      await access.head({ profile: 'p', bucket: 'beijing', key: 'far.txt' }, never);
      await access.close();
      return server.requests.entries.map(({ host }) => host);
    };
    assert.deepEqual(await hosts(), ['beijing.oss-cn-hangzhou.aliyuncs.com', 'beijing.oss-cn-beijing.aliyuncs.com']);
    assert.deepEqual(await hosts(), ['beijing.oss-cn-beijing.aliyuncs.com']);
  });

  it('URLs are signed for the region of the bucket after a download was refused in another one', async () => {
    oss.setNetwork({ ...directNetwork, proxyUrl: server.url });
    profiles.current = { endpoint: 'http://oss-cn-hangzhou.aliyuncs.com' };
    const far = { profile: 'p', bucket: 'beijing', key: 'far.txt' };
    assert.match((await oss.signGet(far, never)).url, /oss-cn-hangzhou/);
    const refusal = {
      code: 'endpoint/wrongEndpoint',
      message: 'elsewhere',
      details: { endpoint: 'oss-cn-beijing.aliyuncs.com' },
    } as const;
    assert.match((await oss.signGet(far, never, refusal)).url, /^http:\/\/beijing\.oss-cn-beijing\.aliyuncs\.com\//);
    const evil = { ...refusal, details: { endpoint: 'oss-cn-beijing.aliyuncs.com.evil.example' } };
    await assertFails(oss.signGet(far, never, evil), 'endpoint/wrongEndpoint', false);
    assert.equal(server.requests.entries.length, 0);
  });

  it('an error that names a host of another service is never followed', async () => {
    const error = await assertFails(
      oss.head({ profile: 'p', bucket: 'beijing', key: 'far.txt' }, never),
      'endpoint/wrongEndpoint',
      false,
    );
    assert.equal(error.details.endpoint, 'oss-cn-beijing.aliyuncs.com');
    oss.setNetwork({ ...directNetwork, proxyUrl: server.url });
    profiles.current = { endpoint: 'http://oss-cn-hangzhou.aliyuncs.com' };
    for (const endpoint of [
      'oss-cn-beijing.aliyuncs.com.evil.example',
      'evil.example',
      'bucket.evil.example/oss-cn-beijing.aliyuncs.com',
      'evil.example#.oss-cn-beijing.aliyuncs.com\u0000',
    ]) {
      server.faults.clear();
      server.faults.add({
        match: {},
        action: { kind: 'error', status: 403, code: 'AccessDenied', endpoint: encodeURI(endpoint) },
      });
      await assertFails(oss.head(object, never), 'endpoint/wrongEndpoint', false);
    }
    assert(server.requests.entries.every(({ host }) => !host.includes('evil')));
  });
});
