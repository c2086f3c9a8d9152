import assert from 'node:assert/strict';
import dns from 'node:dns';
import { Socket } from 'node:net';
import type * as ossClient from 'oss-client';
import sinon from 'sinon';
import type { OssServer } from '../../server/ossServer.ts';
import { startOssServer } from '../../server/ossServer.ts';
import { defaultUser } from '../../server/signing/users.ts';
import { send } from './support/rawClient.ts';

const key = 'folder/a b+é中.txt';

/**
 * npm oss-client puts the bucket before the endpoint's name, so `bucket.localhost` must lead here; not every resolver
 * knows that.
 */
function resolveLocalhostNames(): void {
  const lookup = dns.lookup.bind(dns);
  sinon.stub(dns, 'lookup').callsFake(((
    host: string,
    options: dns.LookupOptions,
    done: (error: Error | null, address: unknown, family?: number) => void,
  ) => {
    if (!host.endsWith('.localhost')) {
      lookup(host, options, done);
    } else if (options.all === true) {
      done(null, [{ address: '127.0.0.1', family: 4 }]);
    } else {
      done(null, '127.0.0.1', 4);
    }
    // lookup has overloads; sockets use the one with options
  }) as typeof dns.lookup);
}

describe('npm oss-client (V1, virtual-hosted style) against the local server', () => {
  let server: OssServer;
  let OSSObject: typeof ossClient.OSSObject;
  let client: ossClient.OSSObject;

  before(async () => {
    // Loaded here and not above: its HTTP client gives Socket a `destroy` of its own, with which undici 8 never closes.
    ({ OSSObject } = await import('oss-client'));
    resolveLocalhostNames();
    server = await startOssServer({ buckets: { bucket: {} } });
    server.store.bucket('bucket').put(key, { text: 'hello world' }, { headers: { 'x-oss-meta-colour': 'red' } });
    server.store.bucket('bucket').put('folder/inner/x', { text: 'x' });
    server.store.bucket('bucket').put('z', { text: 'z' });
    client = new OSSObject({ ...defaultUser, endpoint: `http://localhost:${server.port}`, bucket: 'bucket' });
  });
  after(async () => {
    // Sockets get their inherited method back.
    Reflect.deleteProperty(Socket.prototype, 'destroy');
    sinon.restore();
    await server.close();
  });

  it('oss-client lists objects in pages by V2 and V1', async () => {
    const names: string[] = [];
    let next: string | undefined;
    do {
      const page = await client.listV2({ 'max-keys': 1, ...(next === undefined ? {} : { continuationToken: next }) });
      names.push(...page.objects.map((object) => object.name));
      next = page.nextContinuationToken ?? undefined;
    } while (next);
    assert.deepEqual(names, [key, 'folder/inner/x', 'z']);
    const folders = await client.list({ delimiter: '/', prefix: 'folder/' });
    assert.deepEqual([folders.objects.map((object) => object.name), folders.prefixes], [[key], ['folder/inner/']]);
  });

  it('oss-client reads head, body and range', async () => {
    const head = await client.head(key);
    assert.deepEqual([head.status, head.meta], [200, { colour: 'red' }]);
    assert.equal(String((await client.get(key)).content), 'hello world');
    const part = await client.get(key, { headers: { Range: 'bytes=0-4' } });
    assert.deepEqual([part.res.status, String(part.content)], [206, 'hello']);
  });

  it('oss-client gets 304 and 412 from conditions', async () => {
    assert.equal((await client.head(key, { headers: { 'If-None-Match': '*' } })).status, 304);
    await assert.rejects(client.get(key, { headers: { 'If-Match': '"other"' } }), {
      status: 412,
      code: 'PreconditionFailed',
    });
  });

  it('oss-client reports missing and refused objects', async () => {
    await assert.rejects(client.get('missing'), { status: 404, code: 'NoSuchKey' });
    const stranger = new OSSObject({
      accessKeyId: defaultUser.accessKeyId,
      accessKeySecret: 'wrong',
      endpoint: `http://localhost:${server.port}`,
      bucket: 'bucket',
    });
    await assert.rejects(stranger.get(key), { status: 403, code: 'SignatureDoesNotMatch' });
  });

  it('oss-client puts, links and deletes objects', async () => {
    await client.put('new.txt', Buffer.from('new'));
    await client.putSymlink('link', 'new.txt', { storageClass: 'Standard' });
    assert.equal(String((await client.get('link')).content), 'new');
    assert.equal((await client.delete('new.txt')).status, 204);
  });

  it('signed URLs of oss-client are accepted, also with a Range', async () => {
    const url = client.signatureUrl(key, { expires: 60 });
    const response = await send(server.port, {
      path: url.slice(url.indexOf('/', 'http://'.length)),
      headers: { host: 'bucket.localhost', range: 'bytes=6-10' },
    });
    assert.deepEqual([response.status, response.body.toString()], [206, 'world']);
  });
});
