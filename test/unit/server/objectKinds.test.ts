import assert from 'node:assert/strict';
import { crc64 } from '../../server/objects/crc64.ts';
import { expectedBytes } from '../../server/objects/seededObject.ts';
import type { OssServer } from '../../server/ossServer.ts';
import { startOssServer } from '../../server/ossServer.ts';
import { failure } from './support/ossXml.ts';
import type { RawResponse } from './support/rawClient.ts';
import { defaultSigner, sendSigned } from './support/signedClient.ts';

describe('kinds of objects and buckets on the local server', () => {
  let server: OssServer;
  let nowMs = Date.UTC(2026, 0, 1);

  before(async () => {
    server = await startOssServer({
      now: () => nowMs,
      buckets: {
        bucket: {},
        versioned: { versioning: 'Enabled' },
        archive: { storageClass: 'Archive' },
        direct: { storageClass: 'Archive', archiveDirectRead: true },
        payer: { requesterPays: true },
        tree: { hierarchical: true },
      },
    });
  });
  after(() => server.close());

  const get = (
    key: string,
    headers: Record<string, string> = {},
    query: Record<string, string> = {},
    bucket = 'bucket',
  ): Promise<RawResponse> => sendSigned(server, { bucket, key, headers, query });
  const head = (key: string, bucket = 'bucket'): Promise<RawResponse> =>
    sendSigned(server, { method: 'HEAD', bucket, key });

  it('versioned objects are read as current, by id and under a delete marker', async () => {
    const bucket = server.store.bucket('versioned');
    const first = bucket.put('v', { text: 'one' });
    const second = bucket.put('v', { text: 'two' });
    assert.equal((await get('v', {}, {}, 'versioned')).headers['x-oss-version-id'], second.versionId);
    assert.equal((await get('v', {}, { versionId: first.versionId }, 'versioned')).body.toString(), 'one');
    const marker = bucket.remove('v')!;
    const gone = await get('v', {}, {}, 'versioned');
    assert.deepEqual(failure(gone), { status: 404, code: 'NoSuchKey', ec: '0026-00000001' });
    assert.deepEqual(
      [gone.headers['x-oss-delete-marker'], gone.headers['x-oss-version-id']],
      ['true', marker.versionId],
    );
    const byId = await get('v', {}, { versionId: marker.versionId }, 'versioned');
    assert.deepEqual(
      [byId.status, byId.headers['allow'], byId.headers['x-oss-delete-marker']],
      [405, 'DELETE', 'true'],
    );
    assert.equal((await get('v', {}, { versionId: first.versionId }, 'versioned')).status, 200);
    assert.deepEqual(failure(await get('v', {}, { versionId: 'nonsense' }, 'versioned')), {
      status: 404,
      code: 'NoSuchVersion',
      ec: undefined,
    });
  });

  it('a symlink mixes the length and ETag of its target with its own headers', async () => {
    const bucket = server.store.bucket('bucket');
    const target = bucket.put('target', { text: 'target text' });
    nowMs += 5000;
    bucket.link('link', 'target');
    bucket.link('dangling', 'nowhere');
    bucket.link('chain', 'link');
    const response = await get('link');
    assert.deepEqual(
      [response.body.toString(), response.headers['etag'], response.headers['x-oss-object-type']],
      ['target text', target.etag, 'Symlink'],
    );
    assert.equal(response.headers['last-modified'], 'Thu, 01 Jan 2026 00:00:05 GMT');
    assert.notEqual(response.headers['x-oss-hash-crc64ecma'], crc64(Buffer.from('target text')).toString());
    assert.deepEqual(failure(await head('dangling')), {
      status: 404,
      code: 'SymlinkTargetNotExist',
      ec: '0026-00000012',
    });
    assert.deepEqual(failure(await get('chain')), { status: 400, code: 'InvalidTargetType', ec: undefined });
    assert.equal((await get('link', {}, { symlink: '' })).headers['x-oss-symlink-target'], 'target');
  });

  it('an appendable object keeps its bytes when it grows, and gets another ETag', async () => {
    const bucket = server.store.bucket('bucket');
    const before = bucket.put('log', { seed: 2, sizeBytes: 100 }, { type: 'Appendable' });
    const after = bucket.append('log', 2, 150);
    assert.notEqual(after.etag, before.etag);
    const { body, headers } = await get('log');
    assert.ok(body.equals(expectedBytes(2, 0, 150)));
    assert.deepEqual([headers['x-oss-object-type'], headers['x-oss-next-append-position']], ['Appendable', '150']);
  });

  it('objects can lack a CRC-64, and directories of hierarchical buckets have the ETag "null"', async () => {
    server.store.bucket('bucket').put('old', { text: 'x' }, { hasCrc: false });
    assert.equal((await head('old')).headers['x-oss-hash-crc64ecma'], undefined);
    server.store.bucket('tree').put('folder/', { text: '' });
    assert.equal((await head('folder/', 'tree')).headers['etag'], '"null"');
  });

  it('an archived object is readable only while it is restored', async () => {
    server.store.bucket('archive').put('cold', { text: 'thawed' });
    const restore = (body = '<RestoreRequest><Days>2</Days></RestoreRequest>'): Promise<RawResponse> =>
      sendSigned(server, { method: 'POST', bucket: 'archive', key: 'cold', query: { restore: '' }, body });
    const frozen = await get('cold', {}, {}, 'archive');
    assert.deepEqual(failure(frozen), { status: 403, code: 'InvalidObjectState', ec: undefined });
    assert.equal((await head('cold', 'archive')).headers['x-oss-restore'], undefined);
    assert.deepEqual(failure(await restore('<RestoreRequest><Days>8</Days></RestoreRequest>')).code, 'InvalidArgument');
    assert.equal((await restore()).status, 202);
    assert.deepEqual(failure(await restore()), { status: 409, code: 'RestoreAlreadyInProgress', ec: '0016-00000701' });
    assert.equal((await head('cold', 'archive')).headers['x-oss-restore'], 'ongoing-request="true"');
    assert.equal((await get('cold', {}, {}, 'archive')).status, 403);
    nowMs += 60_000;
    assert.match(
      String((await head('cold', 'archive')).headers['x-oss-restore']),
      /^ongoing-request="false", expiry-date="Sat, 03 Jan 2026 .* GMT"$/,
    );
    assert.equal((await get('cold', {}, {}, 'archive')).body.toString(), 'thawed');
    assert.equal((await restore()).status, 200);
    nowMs += 3 * 24 * 3600_000;
    assert.equal((await get('cold', {}, {}, 'archive')).status, 403);
  });

  it('an archived object is readable where direct reads are allowed, a cold one is not', async () => {
    server.store.bucket('direct').put('a', { text: 'at once' });
    server.store.bucket('direct').put('c', { text: '' }, { storageClass: 'ColdArchive' });
    assert.equal((await get('a', {}, {}, 'direct')).body.toString(), 'at once');
    assert.equal((await get('c', {}, {}, 'direct')).status, 403);
  });

  it('a requester-pays bucket requires x-oss-request-payer from everyone but its owner', async () => {
    server.store.bucket('payer').put('p', { text: 'paid' });
    const guest = { accessKeyId: 'guest', accessKeySecret: 'secret', isOwner: false };
    server.settings.users = [...server.settings.users, guest];
    const signer = { ...defaultSigner(server), user: guest };
    assert.deepEqual(failure(await sendSigned(server, { bucket: 'payer', key: 'p' }, signer)), {
      status: 403,
      code: 'AccessDenied',
      ec: '0003-00000703',
    });
    assert.equal(
      (
        await sendSigned(server, { bucket: 'payer', key: 'p', headers: { 'x-oss-request-payer': 'requester' } }, signer)
      ).body.toString(),
      'paid',
    );
    assert.equal((await get('p', {}, {}, 'payer')).body.toString(), 'paid');
  });
}).timeout(10_000);
