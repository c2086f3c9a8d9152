import { gzipSync } from 'node:zlib';
import { checkConditions, ifRangeHolds } from './conditions.ts';
import { crc64 } from './crc64.ts';
import type { OssBucket } from './objectStore.ts';
import {
  invalidObjectState,
  invalidRange,
  methodNotAllowed,
  noSuchKey,
  noSuchVersion,
  preconditionFailed,
  symlinkTargetMissing,
  symlinkToSymlink,
} from '../http/ossError.ts';
import type { OssRequest } from '../http/ossRequest.ts';
import { parseRange } from './range.ts';
import { emptyReply } from '../http/reply.ts';
import type { Reply } from '../http/reply.ts';
import { queryValue } from '../http/requestTarget.ts';
import { isArchived, restoreHeader, restoreState } from './restore.ts';
import type { StoredEntry, StoredObject } from './storedObject.ts';

/** GetObject and HeadObject. */
export function getObject(request: OssRequest, bucket: OssBucket, key: string): Reply {
  const named = findObject(request, bucket, key);
  const object = followLink(bucket, named);
  const headers = objectHeaders(request, bucket, named, object);
  const validators = { etag: object.etag, lastModifiedMs: lastModified(named, object) };
  const condition = checkConditions(request.headers, validators);
  if (condition.kind === 'failed') {
    throw preconditionFailed(condition.condition);
  }
  if (condition.kind === 'notModified') {
    return emptyReply(304, { ETag: validators.etag, 'Last-Modified': headers['Last-Modified']! });
  }
  const { sizeBytes } = object.content;
  const whole: Reply = {
    status: 200,
    headers: { ...headers, 'Content-Length': String(sizeBytes) },
    body: { kind: 'content', content: object.content, start: 0, end: sizeBytes },
  };
  if (request.method === 'HEAD') {
    return whole;
  }
  demandReadable(request, bucket, object);
  const ifRange = request.headers['if-range'];
  if (request.settings.honourIfRange && ifRange !== undefined && !ifRangeHolds(ifRange, validators)) {
    return whole;
  }
  return ranged(request, whole, object);
}

function ranged(request: OssRequest, whole: Reply, object: StoredObject): Reply {
  const header = request.headers['range'];
  const { sizeBytes } = object.content;
  const standard = request.settings.dialect === 'plain' || request.headers['x-oss-range-behavior'] === 'standard';
  const range = parseRange(header, sizeBytes, standard);
  switch (range.kind) {
    case 'whole':
      return header === undefined ? compressed(request, whole, object) : whole;
    case 'unsatisfiable':
      throw invalidRange(header ?? '', sizeBytes);
    case 'part':
      return {
        status: 206,
        headers: {
          ...whole.headers,
          'Content-Length': String(range.end - range.start),
          'Content-Range': `bytes ${range.start}-${range.end - 1}/${sizeBytes}`,
        },
        body: { kind: 'content', content: object.content, start: range.start, end: range.end },
      };
  }
}

const compressible = /^(?:text\/|application\/(?:javascript|json|xml))/;

/**
 * With `Accept-Encoding: gzip` OSS compresses text of 1 KiB and more on the fly; ETag and Content-Length vanish then.
 */
function compressed(request: OssRequest, whole: Reply, object: StoredObject): Reply {
  const accepted = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '') && request.settings.dialect === 'oss';
  return accepted && compressible.test(object.contentType) && object.content.sizeBytes >= 1024
    ? gzipReply(whole)
    : whole;
}

/** The same reply, compressed. */
export function gzipReply(reply: Reply): Reply {
  const headers = Object.fromEntries(
    Object.entries(reply.headers).filter(([name]) => !['ETag', 'Content-Length', 'Accept-Ranges'].includes(name)),
  );
  const plain = reply.body.kind === 'bytes' ? reply.body.bytes : Buffer.alloc(reply.body.end - reply.body.start);
  if (reply.body.kind === 'content') {
    reply.body.content.read(reply.body.start, plain);
  }
  return {
    status: reply.status,
    headers: { ...headers, 'Content-Encoding': 'gzip' },
    body: { kind: 'bytes', bytes: gzipSync(plain, { level: 1 }) },
  };
}

/** @throws OssError NoSuchKey, NoSuchVersion, or 405 for the version of a delete marker */
export function findObject(request: OssRequest, bucket: OssBucket, key: string): StoredObject {
  const versionId = queryValue(request.target.query, 'versionId');
  const entry: StoredEntry | undefined = versionId === undefined ? bucket.current(key) : bucket.version(key, versionId);
  if (entry === undefined) {
    throw versionId === undefined ? noSuchKey(key) : noSuchVersion(key, versionId);
  }
  if (entry.kind === 'object') {
    return entry;
  }
  const headers = { 'x-oss-delete-marker': 'true', 'x-oss-version-id': entry.versionId };
  throw versionId === undefined
    ? noSuchKey(key, headers)
    : methodNotAllowed(request.method, 'DeleteMarker', { ...headers, Allow: 'DELETE' });
}

function followLink(bucket: OssBucket, object: StoredObject): StoredObject {
  if (object.symlinkTarget === undefined) {
    return object;
  }
  const target = bucket.current(object.symlinkTarget);
  if (target?.kind !== 'object') {
    throw symlinkTargetMissing(object.symlinkTarget);
  }
  if (target.symlinkTarget !== undefined) {
    throw symlinkToSymlink(object.symlinkTarget);
  }
  return target;
}

function demandReadable(request: OssRequest, bucket: OssBucket, object: StoredObject): void {
  const direct = bucket.options.archiveDirectRead === true && object.storageClass === 'Archive';
  if (isArchived(object.storageClass) && !direct && restoreState(object, request.nowMs) !== 'restored') {
    throw invalidObjectState(object.key);
  }
}

/** A symlink shows the later of its own date and its target's. */
function lastModified(named: StoredObject, object: StoredObject): number {
  return Math.max(named.lastModifiedMs, object.lastModifiedMs);
}

/** Headers of both; of a symlink length and ETag are the target's, the rest its own, the CRC-64 included. */
function objectHeaders(
  request: OssRequest,
  bucket: OssBucket,
  named: StoredObject,
  object: StoredObject,
): Record<string, string> {
  const common = {
    'Content-Type': object.contentType,
    'Last-Modified': new Date(lastModified(named, object)).toUTCString(),
    ETag: object.etag,
    'Accept-Ranges': 'bytes',
  };
  if (request.settings.dialect === 'plain') {
    return common;
  }
  const restore = restoreHeader(named, request.nowMs);
  return {
    ...common,
    'x-oss-object-type': named.type,
    'x-oss-storage-class': named.storageClass,
    ...(named.hasCrc ? { 'x-oss-hash-crc64ecma': crcOf(named).toString() } : {}),
    ...(object.type === 'Normal' && object.etag === `"${object.content.digest()}"`
      ? { 'Content-MD5': Buffer.from(object.content.digest(), 'hex').toString('base64') }
      : {}),
    ...(bucket.options.versioning === undefined ? {} : { 'x-oss-version-id': named.versionId }),
    ...(named.type === 'Appendable' ? { 'x-oss-next-append-position': String(object.content.sizeBytes) } : {}),
    ...(restore === undefined ? {} : { 'x-oss-restore': restore }),
    ...named.headers,
  };
}

function crcOf(named: StoredObject): bigint {
  return named.symlinkTarget === undefined ? named.content.crc64() : crc64(Buffer.from(named.symlinkTarget, 'utf8'));
}
