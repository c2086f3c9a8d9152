import assert from 'node:assert/strict';
import type { OssAccess } from '../../../../src/oss/api/ossAccess.ts';
import type { ObjectVersion } from '../../../../src/oss/model.ts';
import type { Credentials, Profile } from '../../../../src/oss/profile.ts';
import { startOssServer } from '../../../server/ossServer.ts';
import type { OssServer } from '../../../server/ossServer.ts';
import { awkwardKeys } from '../../../server/objects/sampleData.ts';
import { createHttpObjectReader } from '../../../../src/oss/http/httpObjectReader.ts';
import { accessTo, goodCredentials, never, oneProfile } from '../support/access.ts';
import { directNetwork, readAll } from '../support/answers.ts';

const dayMs = 86_400_000;

describe('shared URLs', () => {
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

  it('a public object has a plain URL, whatever its key', async () => {
    for (const key of awkwardKeys) {
      assert.equal(
        await text(await access().plainUrl({ profile: 'p', bucket: 'public', key }, never)),
        `content of ${key}`,
      );
    }
  });

  it('a plain URL needs no credentials', async () => {
    const profiles = oneProfile({ endpoint: 'https://oss-cn-hangzhou.aliyuncs.com' });
    profiles.storedCredentials = () => Promise.reject(new Error('asked'));
    const oss = accessTo(profiles);
    open.push(oss);
    assert.equal(
      await oss.plainUrl({ profile: 'p', bucket: 'closed', key: 'a b/ü' }, never),
      'https://closed.oss-cn-hangzhou.aliyuncs.com/a%20b/%C3%BC',
    );
  });

  for (const signature of ['v4', 'v1'] as const) {
    it(`a ${signature} URL works for the chosen time, and no longer`, async () => {
      const key = 'plain.txt';
      server.store.bucket('closed').put(key, { text: 'hello' });
      const { url, expiresAtMs } = await access(goodCredentials, { signature }).signFor(
        { profile: 'p', bucket: 'closed', key },
        2 * dayMs,
        never,
      );
      assert(Math.abs(expiresAtMs - Date.now() - 2 * dayMs) < 60_000);
      assert.equal(await text(url), 'hello');
      server.settings.clockOffsetMs = 1.9 * dayMs;
      assert.equal(await text(url), 'hello');
      server.settings.clockOffsetMs = 2.1 * dayMs;
      await assert.rejects(text(url), { code: 'auth/urlExpired' });
    });
  }

  it('a shared URL lives at most seven days, and no longer than a temporary token', async () => {
    const object = { profile: 'p', bucket: 'closed', key: 'a' };
    const long = await access().signFor(object, 30 * dayMs, never);
    assert(long.expiresAtMs <= Date.now() + 7 * dayMs);
    const short = await access({ ...goodCredentials, securityToken: 't', expiresAtMs: Date.now() + 600_000 }).signFor(
      object,
      dayMs,
      never,
    );
    assert(short.expiresAtMs <= Date.now() + 600_000);
  });

  it('an anonymous profile gives plain URLs that do not expire', async () => {
    const profiles = oneProfile({ endpoint: server.url, region: 'cn-hangzhou' });
    profiles.secret = undefined;
    const oss = accessTo(profiles);
    open.push(oss);
    const { url, expiresAtMs } = await oss.signFor({ profile: 'p', bucket: 'public', key: 'a' }, dayMs, never);
    assert.deepEqual([url, expiresAtMs], [`${server.url}/public/a`, Number.MAX_SAFE_INTEGER]);
  });
});

describe('object versions', () => {
  let server: OssServer;
  before(async () => {
    server = await startOssServer({ buckets: { versions: { versioning: 'Enabled' }, plain: {} } });
  });
  after(() => server.close());

  const list = async (bucket: string, key: string): Promise<readonly ObjectVersion[]> => {
    const oss = accessTo(oneProfile({ endpoint: server.url, region: 'cn-hangzhou' }));
    try {
      return await oss.listVersions({ profile: 'p', bucket, key }, never);
    } finally {
      await oss.close();
    }
  };

  it('versions are listed newest first with deletions, without objects that share the key as a prefix', async () => {
    const store = server.store.bucket('versions');
    for (const key of ['a b', 'a b/c', 'a b2', 'z']) {
      for (const text of ['first', 'second one']) {
        store.put(key, { text }, { lastModifiedMs: Date.now() - 100_000 + 1000 * text.length });
      }
    }
    store.remove('a b');
    const found = await list('versions', 'a b');
    assert.deepEqual(
      found.map((version) =>
        version.kind === 'version'
          ? [version.object.sizeBytes, version.object.ref.key, version.isLatest]
          : version.kind,
      ),
      ['deleteMarker', [10, 'a b', false], [5, 'a b', false]],
    );
    const ids = found.map((version) => (version.kind === 'version' ? version.object.ref.versionId : version.versionId));
    assert.equal(new Set(ids).size, 3);
  });

  it('all versions are listed, over more than one page', async () => {
    server.settings.pageLimit = 2;
    for (let index = 0; index < 7; index += 1) {
      server.store.bucket('versions').put('many', { text: 'x'.repeat(index) });
    }
    assert.equal((await list('versions', 'many')).length, 7);
    server.settings.pageLimit = 1000;
  });

  it('a bucket without versioning shows one version, and a missing object none', async () => {
    server.store.bucket('plain').put('k', { text: 'k' });
    const [only, ...others] = await list('plain', 'k');
    assert.ok(only?.kind === 'version' && only.isLatest);
    assert.deepEqual(others, []);
    assert.deepEqual(await list('plain', 'nothing'), []);
  });
});

describe('restore of an archived object', () => {
  let server: OssServer;
  let oss: OssAccess;
  const hourMs = 3_600_000;
  before(async () => {
    server = await startOssServer({ buckets: { cold: { storageClass: 'Archive' } } });
    oss = accessTo(oneProfile({ endpoint: server.url, region: 'cn-hangzhou' }));
  });
  afterEach(() => {
    server.settings.clockOffsetMs = 0;
  });
  after(async () => {
    await oss.close();
    await server.close();
  });

  for (const [storageClass, tier, takesMs] of [
    ['Archive', 'Standard', hourMs / 60],
    ['ColdArchive', 'Bulk', 5 * hourMs],
    ['DeepColdArchive', 'Expedited', 24 * hourMs],
  ] as const) {
    it(`a restore of ${storageClass} is started, pending and done`, async () => {
      const object = { profile: 'p', bucket: 'cold', key: `a b/${storageClass}` };
      server.store.bucket('cold').put(object.key, { text: 'x' }, { storageClass });
      const request = { storageClass, days: 3, tier };
      const listed = async () => (await oss.listObjects(object, object.key, undefined, never)).items[0]?.restore;
      assert.deepEqual([(await oss.head(object, never)).restore, await listed()], [undefined, undefined]);
      assert.equal(await oss.restore(object, request, never), 'started');
      assert.deepEqual(
        [(await oss.head(object, never)).restore, await listed()],
        [{ kind: 'ongoing' }, { kind: 'ongoing' }],
      );
      assert.equal(await oss.restore(object, request, never), 'ongoing');
      server.settings.clockOffsetMs = takesMs + 1000;
      const { restore } = await oss.head(object, never);
      assert.ok(restore?.kind === 'restored' && restore.expiresMs !== undefined);
      assert.deepEqual(await listed(), restore);
      assert.equal(await oss.restore(object, request, never), 'restored');
    });
  }

  it('a refused restore reports the reason of OSS', async () => {
    server.store.bucket('cold').put('warm', { text: 'x' }, { storageClass: 'Standard' });
    const request = { storageClass: 'Archive', days: 1, tier: 'Standard' as const };
    await assert.rejects(oss.restore({ profile: 'p', bucket: 'cold', key: 'warm' }, request, never), {
      code: 'server/refused',
    });
    await assert.rejects(oss.restore({ profile: 'p', bucket: 'cold', key: 'nothing' }, request, never), {
      code: 'object/notFound',
    });
  });
});
