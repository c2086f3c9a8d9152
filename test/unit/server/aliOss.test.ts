import assert from 'node:assert/strict';
import OSS from 'ali-oss';
import type { OssServer } from '../../server/ossServer.ts';
import { startOssServer } from '../../server/ossServer.ts';
import { expectedBytes } from '../../server/objects/seededObject.ts';
import { defaultUser, prefixUser } from '../../server/signing/users.ts';
import { send } from './support/rawClient.ts';

/** Members of ali-oss that are missing in its types. */
interface UntypedOptions extends OSS.Options {
  readonly sldEnable: boolean;
}
interface UntypedMethods {
  getBucketVersions(
    query: Record<string, string>,
  ): Promise<{
    readonly objects: readonly { readonly name: string; readonly versionId: string; readonly isLatest: boolean }[];
    readonly deleteMarker: readonly { readonly name: string }[];
  }>;
  listBuckets(
    query: Record<string, string>,
  ): Promise<{
    readonly buckets: readonly { readonly name: string; readonly region: string }[];
    readonly isTruncated: boolean;
    readonly nextMarker: string | null;
  }>;
}
type Client = Omit<OSS, keyof UntypedMethods> & UntypedMethods;

const key = 'folder/a b+é%2F中?.txt';

/** With an address ali-oss puts the bucket into the Host header; with a name and `sldEnable` into the path. */
const endpoints = { 'virtual-hosted style': '127.0.0.1', 'path style': 'localhost' } as const;

describe('ali-oss against the local server', () => {
  let server: OssServer;
  const token = 'sts-token+/=';

  before(async () => {
    server = await startOssServer({
      users: [defaultUser, { accessKeyId: 'STS.1', accessKeySecret: 's', securityToken: token }],
      buckets: { bucket: {}, versioned: { versioning: 'Enabled' }, archive: { storageClass: 'Archive' } },
    });
    const bucket = server.store.bucket('bucket');
    bucket.put(key, { text: 'hello world' }, { headers: { 'x-oss-meta-colour': 'red' } });
    bucket.put('folder/inner/x', { text: 'x' });
    bucket.put('large.bin', { seed: 3, sizeBytes: 300_000 });
    server.store.bucket('versioned').put('v', { text: '1' });
    server.store.bucket('versioned').put('v', { text: '2' });
    server.store.bucket('versioned').put('d', { text: '3' });
    server.store.bucket('versioned').remove('d');
  });
  after(() => server.close());

  const clientFor = (host: string, authorizationV4: boolean, more: Partial<OSS.Options> = {}): Client => {
    const { accessKeyId, accessKeySecret } = defaultUser;
    const options: UntypedOptions = {
      accessKeyId,
      accessKeySecret,
      endpoint: `http://${host}:${server.port}`,
      bucket: 'bucket',
      region: 'oss-cn-hangzhou',
      authorizationV4,
      sldEnable: host === 'localhost',
      ...more,
    };
    const client: unknown = new OSS(options);
    // the types are incomplete, and wrong about listBuckets
    return client as Client;
  };

  for (const [style, host] of Object.entries(endpoints)) {
    for (const version of ['V1', 'V4'] as const) {
      describe(`${version} signatures, ${style}`, () => {
        let client: Client;
        before(() => {
          client = clientFor(host, version === 'V4');
        });

        it('ali-oss lists buckets in pages', async () => {
          const first = await client.listBuckets({ 'max-keys': '2' });
          assert.deepEqual(
            [first.buckets.map((bucket) => bucket.name), first.isTruncated],
            [['archive', 'bucket'], true],
          );
          const second = await client.listBuckets({ 'max-keys': '2', marker: first.nextMarker! });
          assert.deepEqual(
            second.buckets.map(({ name, region }) => [name, region]),
            [['versioned', 'oss-cn-hangzhou']],
          );
        });

        it('ali-oss lists objects in pages by V2 and V1', async () => {
          const names: string[] = [];
          let next: string | undefined;
          do {
            const page = await client.listV2(
              { 'max-keys': '1', ...(next === undefined ? {} : { 'continuation-token': next }) },
              {},
            );
            names.push(...page.objects.map((object) => object.name));
            next = page.nextContinuationToken;
          } while (next);
          assert.deepEqual(names, [key, 'folder/inner/x', 'large.bin']);
          const folders = await client.list({ delimiter: '/', prefix: 'folder/', 'max-keys': 10 }, {});
          assert.deepEqual(
            [folders.objects.map((object) => object.name), folders.prefixes],
            [[key], ['folder/inner/']],
          );
        });

        it('ali-oss reads head, meta, body and range', async () => {
          const head = await client.head(key);
          assert.deepEqual([head.status, head.meta], [200, { colour: 'red' }]);
          const { content } = (await client.get('large.bin')) as { content: Buffer };
          assert.ok(content.equals(expectedBytes(3, 0, 300_000)));
          const part = await client.get(key, { headers: { Range: 'bytes=0-4' } });
          assert.deepEqual([part.res.status, String(part.content)], [206, 'hello']);
        });

        it('ali-oss gets 304 and 412 from conditions', async () => {
          assert.equal((await client.get(key, { headers: { 'If-None-Match': '*' } })).res.status, 304);
          await assert.rejects(client.get(key, { headers: { 'If-Match': '"other"' } }), {
            status: 412,
            code: 'PreconditionFailed',
          });
        });

        it('ali-oss reports missing and refused objects with code, EC and RequestId', async () => {
          await assert.rejects(
            client.get('missing'),
            (error: { code?: string; ecCode?: string; requestId?: string }) =>
              error.code === 'NoSuchKey' &&
              error.ecCode === '0026-00000001' &&
              /^[0-9A-F]{24}$/.test(error.requestId ?? ''),
          );
          await assert.rejects(client.head('missing'), { status: 404 });
          await assert.rejects(clientFor(host, version === 'V4', { accessKeySecret: 'wrong' }).get(key), {
            code: 'SignatureDoesNotMatch',
            ecCode: '0002-00000201',
          });
          await assert.rejects(clientFor(host, version === 'V4', { bucket: 'nowhere' }).get(key), {
            code: 'NoSuchBucket',
          });
        });

        it('ali-oss puts and deletes objects', async () => {
          const put = await client.put('new.txt', Buffer.from('new'));
          assert.equal(put.res.status, 200);
          assert.equal(String((await client.get('new.txt')).content), 'new');
          assert.equal((await client.delete('new.txt')).res.status, 204);
        });

        it('ali-oss works with a temporary key and its token', async () => {
          const refreshSTSToken = (): Promise<never> => Promise.reject(new Error('not due'));
          const temporary = clientFor(host, version === 'V4', {
            accessKeyId: 'STS.1',
            accessKeySecret: 's',
            stsToken: token,
            refreshSTSToken,
            refreshSTSTokenInterval: 3_600_000,
          });
          assert.equal(String((await temporary.get(key)).content), 'hello world');
        });

        it('ali-oss lists versions', async () => {
          const { objects, deleteMarker } = await clientFor(host, version === 'V4', {
            bucket: 'versioned',
          }).getBucketVersions({});
          assert.deepEqual(
            objects.map(({ name, isLatest }) => [name, isLatest]),
            [
              ['d', false],
              ['v', true],
              ['v', false],
            ],
          );
          assert.deepEqual(
            deleteMarker.map(({ name }) => name),
            ['d'],
          );
        });

        it('ali-oss starts a restore and reports a pending one', async () => {
          const archived = `${style}-${version}`;
          server.store.bucket('archive').put(archived, { text: 'x' });
          const cold = clientFor(host, version === 'V4', { bucket: 'archive' });
          await cold.restore(archived);
          await assert.rejects(cold.restore(archived), { status: 409, code: 'RestoreAlreadyInProgress' });
        });
      });
    }
  }

  describe('a user limited to a prefix', () => {
    const user = prefixUser('bucket', 'folder/');
    let client: Client;
    before(() => {
      server.settings.users = [...server.settings.users, user];
      const { accessKeyId, accessKeySecret } = user;
      client = clientFor('localhost', true, { accessKeyId, accessKeySecret });
    });

    it('a user limited to a prefix lists and reads below it', async () => {
      const { objects, prefixes } = await client.listV2({ delimiter: '/', prefix: 'folder/', 'max-keys': '10' }, {});
      assert.deepEqual([objects.map(({ name }) => name), prefixes], [[key], ['folder/inner/']]);
      assert.deepEqual(
        (await client.listV2({ prefix: 'folder/inner/', 'max-keys': '10' }, {})).objects.map(({ name }) => name),
        ['folder/inner/x'],
      );
      assert.equal(String((await client.get(key)).content), 'hello world');
    });

    it('a user limited to a prefix is refused everything else', async () => {
      const refused = { status: 403, code: 'AccessDenied' };
      await assert.rejects(client.listBuckets({ 'max-keys': '2' }), refused);
      for (const prefix of [undefined, 'folder', 'fold', 'other/']) {
        await assert.rejects(
          client.listV2({ 'max-keys': '10', ...(prefix === undefined ? {} : { prefix }) }, {}),
          refused,
          prefix,
        );
      }
      await assert.rejects(client.get('large.bin'), refused);
      await assert.rejects(client.put('folder/new', Buffer.from('x')), refused);
      await assert.rejects(
        clientFor('localhost', true, {
          accessKeyId: user.accessKeyId,
          accessKeySecret: user.accessKeySecret,
          bucket: 'versioned',
        }).get('v'),
        refused,
      );
    });
  });

  describe('signed URLs, path style', () => {
    const pathOf = (url: string): string => url.slice(url.indexOf('/', 'http://'.length));

    it('signed URLs of ali-oss for V1 and V4 are accepted, also with a Range', async () => {
      const client = clientFor('localhost', true);
      for (const url of [
        client.signatureUrl(key, { expires: 60 }),
        await client.signatureUrlV4('GET', 60, undefined, key),
      ]) {
        const response = await send(server.port, { path: pathOf(url), headers: { range: 'bytes=6-10' } });
        assert.deepEqual([response.status, response.body.toString()], [206, 'world'], url);
      }
    });

    it('ali-oss throws for a V1 URL of an IP address (known fault)', () => {
      assert.throws(() => clientFor('127.0.0.1', false).signatureUrl(key), /endpoint is IP/);
    });
  });
});
