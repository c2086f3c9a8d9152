import assert from 'node:assert/strict';
import type { OssAccess } from '../../../src/oss/aliOssMain.ts';
import type { Credentials, Profile } from '../../../src/oss/profile.ts';
import { startOssServer } from '../../server/ossServer.ts';
import type { OssServer } from '../../server/ossServer.ts';
import { awkwardKeys } from '../../server/sampleData.ts';
import { createHttpObjectReader } from '../../../src/oss/httpObjectReader.ts';
import { accessTo, goodCredentials, never, oneProfile } from './support/access.ts';
import { directNetwork, readAll } from './support/answers.ts';

const dayMs = 86_400_000;

describe('URLs of objects for other people', () => {
  let server: OssServer;
  const open: OssAccess[] = [];
  const reader = createHttpObjectReader(directNetwork);

  before(async () => {
    server = await startOssServer({ buckets: { closed: {}, public: { acl: 'public-read' } } });
    for (const key of awkwardKeys) {
      server.store.bucket('closed').put(key, { text: `content of ${key}` });
      server.store.bucket('public').put(key, { text: `content of ${key}` });
    }
  });
  afterEach(async () => {
    server.settings.clockOffsetMs = 0;
    await Promise.all(open.splice(0).map((access) => access.close()));
  });
  after(async () => {
    await reader.close();
    await server.close();
  });

  const access = (secret: Credentials | undefined = goodCredentials, more: Partial<Profile> = {}): OssAccess => {
    const made = accessTo(oneProfile({ endpoint: server.url, region: 'cn-hangzhou', ...more }, secret));
    open.push(made);
    return made;
  };
  const text = async (url: string): Promise<string> => Buffer.from((await readAll(reader, { url })).bytes).toString();

  it('are plain where everybody may read, whatever the key holds', async () => {
    for (const key of awkwardKeys) {
      assert.equal(await text(await access().plainUrl({ profile: 'p', bucket: 'public', key }, never)), `content of ${key}`);
    }
  });

  it('are plain without asking for credentials', async () => {
    const profiles = oneProfile({ endpoint: 'https://oss-cn-hangzhou.aliyuncs.com' });
    profiles.credentials = () => Promise.reject(new Error('asked'));
    const oss = accessTo(profiles);
    open.push(oss);
    assert.equal(await oss.plainUrl({ profile: 'p', bucket: 'closed', key: 'a b/ü' }, never), 'https://closed.oss-cn-hangzhou.aliyuncs.com/a%20b/%C3%BC');
  });

  for (const signature of ['v4', 'v1'] as const) {
    it(`work for as long as was chosen, and no longer, with ${signature}`, async () => {
      const key = 'plain.txt';
      server.store.bucket('closed').put(key, { text: 'hello' });
      const { url, expiresAtMs } = await access(goodCredentials, { signature }).signFor({ profile: 'p', bucket: 'closed', key }, 2 * dayMs, never);
      assert(Math.abs(expiresAtMs - Date.now() - 2 * dayMs) < 60_000);
      assert.equal(await text(url), 'hello');
      server.settings.clockOffsetMs = 1.9 * dayMs;
      assert.equal(await text(url), 'hello');
      server.settings.clockOffsetMs = 2.1 * dayMs;
      await assert.rejects(text(url), { code: 'auth/urlExpired' });
    });
  }

  it('live at most seven days, and not longer than a temporary token', async () => {
    const object = { profile: 'p', bucket: 'closed', key: 'a' };
    const long = await access().signFor(object, 30 * dayMs, never);
    assert(long.expiresAtMs <= Date.now() + 7 * dayMs);
    const short = await access({ ...goodCredentials, securityToken: 't', expiresAtMs: Date.now() + 600_000 }).signFor(object, dayMs, never);
    assert(short.expiresAtMs <= Date.now() + 600_000);
  });

  it('are plain from an anonymous profile, and do not expire', async () => {
    const profiles = oneProfile({ endpoint: server.url, region: 'cn-hangzhou' });
    profiles.secret = undefined;
    const oss = accessTo(profiles);
    open.push(oss);
    const { url, expiresAtMs } = await oss.signFor({ profile: 'p', bucket: 'public', key: 'a' }, dayMs, never);
    assert.deepEqual([url, expiresAtMs], [`${server.url}/public/a`, Number.MAX_SAFE_INTEGER]);
  });
});
