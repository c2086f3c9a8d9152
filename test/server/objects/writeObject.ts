import { md5 } from './objectContent.ts';
import type { OssBucket } from './objectStore.ts';
import { invalidArgument, invalidDigest, noSuchKey, notArchived, restoreInProgress } from '../http/ossError.ts';
import type { OssRequest } from '../http/ossRequest.ts';
import { emptyReply } from '../http/reply.ts';
import type { Reply } from '../http/reply.ts';
import { findObject } from './getObject.ts';
import { queryValue } from '../http/requestTarget.ts';
import { isArchived, startRestore } from './restore.ts';
import type { StorageClass } from './storedObject.ts';
import { xmlText } from '../http/xml.ts';

const storageClasses: readonly StorageClass[] = ['Standard', 'IA', 'Archive', 'ColdArchive', 'DeepColdArchive'];

/** PutObject: the body in memory. */
export function putObject(request: OssRequest, bucket: OssBucket, key: string): Reply {
  const { headers, body } = request;
  const digest = Buffer.from(md5(body), 'hex').toString('base64');
  if (headers['content-md5'] !== undefined && headers['content-md5'] !== digest) {
    throw invalidDigest();
  }
  const wanted = headers['x-oss-storage-class'];
  const storageClass = storageClasses.find((name) => name === wanted);
  if (wanted !== undefined && storageClass === undefined) {
    throw invalidArgument('The storage class is not valid.', 'x-oss-storage-class', wanted);
  }
  const kept = Object.entries(headers).filter(
    ([name]) =>
      name.startsWith('x-oss-meta-') ||
      name === 'content-encoding' ||
      name === 'cache-control' ||
      name === 'content-disposition',
  );
  const object = bucket.put(key, body, {
    ...(headers['content-type'] === undefined ? {} : { contentType: headers['content-type'] }),
    ...(storageClass === undefined ? {} : { storageClass }),
    headers: Object.fromEntries(kept),
  });
  return emptyReply(200, {
    ETag: object.etag,
    'Content-MD5': digest,
    'x-oss-hash-crc64ecma': object.content.crc64().toString(),
    ...(bucket.options.versioning === undefined ? {} : { 'x-oss-version-id': object.versionId }),
  });
}

/** PutSymlink. */
export function putSymlink(request: OssRequest, bucket: OssBucket, key: string): Reply {
  const target = request.headers['x-oss-symlink-target'];
  if (target === undefined || target === '') {
    throw invalidArgument('The symlink target is missing.', 'x-oss-symlink-target', '');
  }
  const object = bucket.link(key, decodeURIComponent(target));
  return emptyReply(200, { ETag: object.etag });
}

/** GetSymlink: where it points, without following it. */
export function getSymlink(request: OssRequest, bucket: OssBucket, key: string): Reply {
  const object = findObject(request, bucket, key);
  if (object.symlinkTarget === undefined) {
    throw noSuchKey(key);
  }
  return emptyReply(200, {
    ETag: object.etag,
    'Last-Modified': new Date(object.lastModifiedMs).toUTCString(),
    'x-oss-symlink-target': encodeURIComponent(object.symlinkTarget),
  });
}

/** DeleteObject: 204 whether or not it was there. */
export function deleteObject(request: OssRequest, bucket: OssBucket, key: string): Reply {
  const removed = bucket.remove(key, queryValue(request.target.query, 'versionId'));
  return emptyReply(204, {
    ...(removed === undefined ? {} : { 'x-oss-version-id': removed.versionId }),
    ...(removed?.kind === 'deleteMarker' ? { 'x-oss-delete-marker': 'true' } : {}),
  });
}

/** RestoreObject: 202 started, 200 restored already, 409 under way. */
export function restoreObject(request: OssRequest, bucket: OssBucket, key: string): Reply {
  const object = findObject(request, bucket, key);
  if (!isArchived(object.storageClass)) {
    throw notArchived();
  }
  const sent = xmlText(request.body.toString('utf8'), 'Days') ?? '1';
  const days = /^\d+$/.test(sent) ? Number(sent) : 0;
  const most = object.storageClass === 'Archive' ? 7 : 365;
  if (days < 1 || days > most) {
    throw invalidArgument(
      `Days must be an integer from 1 to ${most}.`,
      'Days',
      sent,
      object.storageClass === 'Archive' ? '0016-00000708' : '0016-00000704',
    );
  }
  const status = startRestore(object, object.storageClass, days, request.settings.restoreMs, request.nowMs);
  if (status === 409) {
    throw restoreInProgress();
  }
  return emptyReply(status, bucket.options.versioning === undefined ? {} : { 'x-oss-version-id': object.versionId });
}
