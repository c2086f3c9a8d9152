import assert from 'node:assert/strict';
import { createHttpObjectReader } from '../../../../src/oss/http/httpObjectReader.ts';
import type { HttpObjectReader } from '../../../../src/oss/http/httpObjectReader.ts';
import type { OssAccess } from '../../../../src/oss/api/ossAccess.ts';
import type { NetworkSettings } from '../../../../src/oss/networkSettings.ts';
import type { Credentials, Profile } from '../../../../src/oss/profile.ts';
import { startOssServer } from '../../../server/ossServer.ts';
import type { OssServer } from '../../../server/ossServer.ts';
import { awkwardKeys } from '../../../server/objects/sampleData.ts';
import { accessTo, allPages, goodCredentials, never, oneProfile } from '../support/access.ts';
import { directNetwork, readAll } from '../support/answers.ts';

const stsUser = {
  accessKeyId: 'STS.temporary',
  accessKeySecret: 'temporary-secret',
  securityToken: 'CAIS+token/with=signs',
};
const bucket = { profile: 'p', bucket: 'awkward' };

describe('OSS access: buckets, pages, head and signed URLs', () => {
  let server: OssServer;
  let reader: HttpObjectReader;
  const open: OssAccess[] = [];

  before(async () => {
    server = await startOssServer({
      users: [{ ...goodCredentials }, stsUser],
      buckets: {
        awkward: { acl: 'public-read' },
        paged: {},
        beijing: { region: 'cn-beijing' },
        versions: { versioning: 'Enabled' },
        million: { generated: { count: 1_000_000 } },
        ...Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`more-${i}`, {}])),
      },
    });
    const awkward = server.store.bucket('awkward');
    for (const key of awkwardKeys) {
      awkward.put(key, { text: `content of ${key}` });
    }
    const paged = server.store.bucket('paged');
    for (let i = 0; i < 25; i++) {
      paged.put(`dir/${String(i).padStart(2, '0')}.txt`, { text: `${i}` });
      paged.put(`dir/sub${String(i).padStart(2, '0')}/x`, { text: `${i}` });
    }
    reader = createHttpObjectReader(directNetwork);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((access) => access.close()));
    server.requests.clear();
  });
  after(async () => {
    await reader.close();
    await server.close();
  });

  const access = (
    current: Partial<Omit<Profile, 'name'>> = {},
    secret: Credentials | 'none' = goodCredentials,
    options: Parameters<typeof accessTo>[1] = {},
  ): OssAccess => {
    const profiles = oneProfile({ endpoint: server.url, region: 'cn-hangzhou', ...current }, goodCredentials);
    profiles.secret = secret === 'none' ? undefined : secret;
    const made = accessTo(profiles, options);
    open.push(made);
    return made;
  };

  /** Host names of the public cloud, resolved to the local server. */
  const proxied = (): NetworkSettings => ({ ...directNetwork, proxyUrl: server.url });
  const ways: readonly (readonly [string, () => OssAccess, (() => NetworkSettings)?])[] = [
    ['V4', () => access()],
    ['V1', () => access({ signature: 'v1' })],
    ['V4 with an STS token', () => access({}, stsUser)],
    ['V1 with an STS token', () => access({ signature: 'v1' }, stsUser)],
    ['an anonymous profile', () => access({}, 'none')],
    [
      'the bucket in the host, as on the public cloud',
      () => access({ endpoint: 'http://oss-cn-hangzhou.aliyuncs.com' }, goodCredentials, { network: proxied() }),
      () => proxied(),
    ],
  ];
  for (const [way, make, network] of ways) {
    it(`every awkward key can be listed, headed and read with ${way}`, async () => {
      const oss = make();
      reader.setNetwork(network?.() ?? directNetwork);
      const listed = await allPages((after) => oss.listEntries(bucket, '', after, never));
      const top = [...new Set(awkwardKeys.map((key) => /^[^/]*\/?/.exec(key)?.[0] ?? ''))];
      assert.deepEqual(
        listed.items.map((entry) => (entry.kind === 'prefix' ? entry.prefix : entry.object.ref.key)),
        top.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
      );
      for (const key of awkwardKeys) {
        const ref = { ...bucket, key };
        const expected = Buffer.from(`content of ${key}`);
        const meta = await oss.head(ref, never);
        assert.equal(meta.sizeBytes, expected.length, JSON.stringify(key));
        assert.equal(meta.ref.key, key);
        const { url } = await oss.signGet(ref, never);
        const { bytes, response } = await readAll(reader, {
          url,
          range: { start: 0, end: expected.length },
          validator: { kind: 'ifMatch', etag: meta.etag },
        });
        assert.deepEqual(bytes, expected, JSON.stringify(key));
        assert.equal(response?.object.crc64, meta.crc64);
      }
    });
  }

  it("a listing shows direct children of a prefix in pages, by UTF-8 bytes, with the folder's own object", async () => {
    const oss = access({}, goodCredentials, { pageSize: 7 });
    const { items, pages } = await allPages((after) =>
      oss.listEntries({ profile: 'p', bucket: 'paged' }, 'dir/', after, never),
    );
    assert.equal(items.length, 50);
    assert.equal(pages, 8);
    assert.deepEqual(
      items.slice(0, 2).map((entry) => entry.kind === 'object' && entry.object.ref),
      [
        { profile: 'p', bucket: 'paged', key: 'dir/00.txt' },
        { profile: 'p', bucket: 'paged', key: 'dir/01.txt' },
      ],
    );
    assert.deepEqual(items.at(-1), { kind: 'prefix', prefix: 'dir/sub24/' });
    const names = async (prefix: string): Promise<unknown> =>
      (await oss.listEntries(bucket, prefix, undefined, never)).items.map((entry) =>
        entry.kind === 'prefix' ? entry.prefix : entry.object.ref.key,
      );
    assert.deepEqual(await names('folder/'), ['folder/']);
    assert.deepEqual(await names('both'), ['both', 'both/']);
    assert.deepEqual(await names('double//'), ['double//slash.txt']);
    assert.deepEqual(await names('/'), []);
    assert.deepEqual(await names('new\nl'), ['new\nline.txt']);
  });

  it('folders with awkward names can be listed one per page', async () => {
    const oss = access({}, goodCredentials, { pageSize: 1 });
    const { items } = await allPages((after) => oss.listEntries(bucket, '', after, never));
    const expected = new Set(awkwardKeys.map((key) => /^[^/]*\/?/.exec(key)?.[0]));
    assert.equal(items.length, expected.size);
  });

  it('the first page of a million keys takes one request', async () => {
    const page = await access().listEntries({ profile: 'p', bucket: 'million' }, '', undefined, never);
    assert.equal(page.items.length, 500);
    assert(page.next !== undefined);
    assert.equal(server.requests.entries.length, 1);
  });

  it('the listing and HEAD report the same facts about an object', async () => {
    const oss = access();
    const [entry] = (await oss.listEntries({ profile: 'p', bucket: 'paged' }, 'dir/', undefined, never)).items;
    assert(entry?.kind === 'object');
    const { lastModifiedMs, etag, ...rest } = entry.object;
    assert.deepEqual(rest, {
      ref: { profile: 'p', bucket: 'paged', key: 'dir/00.txt' },
      sizeBytes: 1,
      storageClass: 'Standard',
      type: 'Normal',
    });
    assert(Math.abs(Date.now() - lastModifiedMs) < 60_000);
    assert.match(etag, /^"[0-9A-F]{32}"$/);
    const meta = await oss.head(entry.object.ref, never);
    assert.equal(meta.etag, etag);
    assert.match(meta.crc64 ?? '', /^\d+$/);
  });

  it('the version that HEAD found is pinned, and an older one is read by its id', async () => {
    const store = server.store.bucket('versions');
    store.put('k', { text: 'first' });
    const oss = access();
    const ref = { profile: 'p', bucket: 'versions', key: 'k' };
    const { ref: first } = await oss.head(ref, never);
    assert(first.versionId !== undefined);
    store.put('k', { text: 'second one' });
    for (const [version, text] of [
      [first, 'first'],
      [ref, 'second one'],
    ] as const) {
      for (const signer of [oss, access({ signature: 'v1' })]) {
        const { url } = await signer.signGet(version, never);
        assert.equal((await readAll(reader, { url })).bytes.toString(), text);
      }
    }
  });

  it('the CRC of a symbolic link is dropped, because HEAD reports that of the link itself', async () => {
    const store = server.store.bucket('paged');
    store.link('link', 'dir/00.txt');
    const meta = await access().head({ profile: 'p', bucket: 'paged', key: 'link' }, never);
    assert.equal(meta.type, 'Symlink');
    assert.equal(meta.crc64, undefined);
    assert.equal(meta.sizeBytes, 1);
  });

  it('buckets are listed with their regions, in pages', async () => {
    const { items } = await access().listBuckets('p', undefined, never);
    assert.deepEqual(
      items.map(({ bucket: name }) => name),
      ['awkward', 'beijing', 'million', 'more-0', 'more-1', 'more-2', 'more-3', 'more-4', 'paged', 'versions'],
    );
    assert.equal(items.find(({ bucket: name }) => name === 'beijing')?.region, 'cn-beijing');
    assert(items[0] !== undefined);
    assert.equal(items[0].storageClass, 'Standard');
    assert(Math.abs(Date.now() - items[0].createdMs) < 60_000);
    const second = await access().listBuckets('p', 'million', never);
    assert.equal(second.items[0]?.bucket, 'more-0');
  });

  it('URLs are signed for an hour, and never for longer than a token lives', async () => {
    const ref = { profile: 'p', bucket: 'paged', key: 'dir/00.txt' };
    const inAnHour = await access().signGet(ref, never);
    assert(Math.abs(inAnHour.expiresAtMs - Date.now() - 3_600_000) < 5000);
    assert.match(inAnHour.url, /x-oss-expires=3600&/);
    const ending = { ...stsUser, expiresAtMs: Date.now() + 600_500 };
    const short = await access({}, ending).signGet(ref, never);
    assert.equal(short.expiresAtMs, ending.expiresAtMs);
    assert.match(short.url, /x-oss-expires=600&/);
    assert.equal((await readAll(reader, { url: short.url })).bytes.toString(), '0');
    await assert.rejects(access({}, { ...stsUser, expiresAtMs: Date.now() }).signGet(ref, never), {
      code: 'auth/tokenExpired',
    });
  });

  it('an anonymous profile gets a plain URL', async () => {
    const { url } = await access({}, 'none').signGet({ ...bucket, key: 'plus+plus.txt' }, never);
    assert.equal(url, `${server.url}/awkward/plus%2Bplus.txt`);
  });
});
