import { bucketInfo, bucketLocation, listBuckets } from '../listing/listBuckets.ts';
import { listObjectsV1, listObjectsV2, listVersions } from '../listing/listObjects.ts';
import { getObject } from '../objects/getObject.ts';
import type { OssBucket } from '../objects/objectStore.ts';
import {
  invalidArgument,
  methodNotAllowed,
  noSuchBucket,
  notImplemented,
  requesterPaysMissing,
  wrongEndpoint,
} from './ossError.ts';
import { demandRight } from './ossRequest.ts';
import type { OssRequest } from './ossRequest.ts';
import { xmlReply } from './reply.ts';
import type { Reply } from './reply.ts';
import { queryValue } from './requestTarget.ts';
import type { Query } from './requestTarget.ts';
import { deleteObject, getSymlink, putObject, putSymlink, restoreObject } from '../objects/writeObject.ts';

/** From a request to its answer. @throws OssError for every other outcome */
export function route(request: OssRequest): Reply {
  const { bucket: name, key } = request.target;
  if (name === undefined) {
    return serviceOperation(request);
  }
  const bucket = request.store.find(name);
  if (bucket === undefined) {
    throw noSuchBucket(name);
  }
  checkEndpoint(request, bucket);
  checkPayer(request, bucket);
  return key === undefined ? bucketOperation(request, bucket) : objectOperation(request, bucket, key);
}

function serviceOperation(request: OssRequest): Reply {
  if (request.method !== 'GET') {
    throw methodNotAllowed(request.method, 'SERVICE');
  }
  demandRight(request, 'listBuckets', undefined, '');
  return xmlReply(listBuckets(request.store, request.target.query));
}

function bucketOperation(request: OssRequest, bucket: OssBucket): Reply {
  const { query } = request.target;
  if (request.method !== 'GET') {
    throw methodNotAllowed(request.method, 'BUCKET');
  }
  const prefix = queryValue(query, 'prefix') ?? '';
  demandRight(request, 'list', bucket, prefix);
  if (has(query, 'bucketInfo')) {
    return xmlReply(bucketInfo(bucket));
  }
  if (has(query, 'location')) {
    return xmlReply(bucketLocation(bucket));
  }
  const context = { nowMs: request.nowMs, pageLimit: request.settings.pageLimit };
  if (has(query, 'versions')) {
    return xmlReply(listVersions(bucket, query, context));
  }
  const other = query.find(([name, value]) => value === '' && unknownSubResource(name));
  if (other !== undefined) {
    throw notImplemented(`GET ?${other[0]} on a bucket`);
  }
  return xmlReply(
    queryValue(query, 'list-type') === '2'
      ? listObjectsV2(bucket, query, context)
      : listObjectsV1(bucket, query, context),
  );
}

const listingNames = new Set([
  'prefix',
  'delimiter',
  'marker',
  'max-keys',
  'encoding-type',
  'start-after',
  'continuation-token',
  'fetch-owner',
  'list-type',
]);

function unknownSubResource(name: string): boolean {
  return !listingNames.has(name) && !name.startsWith('x-oss-');
}

function objectOperation(request: OssRequest, bucket: OssBucket, key: string): Reply {
  const { query } = request.target;
  switch (request.method) {
    case 'HEAD':
    case 'GET':
      demandRight(request, 'read', bucket, key);
      checkTrafficLimit(request);
      if (has(query, 'symlink')) {
        return getSymlink(request, bucket, key);
      }
      return getObject(request, bucket, key);
    case 'PUT':
      demandRight(request, 'write', bucket, key);
      return has(query, 'symlink') ? putSymlink(request, bucket, key) : putObject(request, bucket, key);
    case 'DELETE':
      demandRight(request, 'write', bucket, key);
      return deleteObject(request, bucket, key);
    case 'POST':
      if (!has(query, 'restore')) {
        throw notImplemented('POST on an object without ?restore');
      }
      demandRight(request, 'restore', bucket, key);
      return restoreObject(request, bucket, key);
    default:
      throw methodNotAllowed(request.method, 'OBJECT');
  }
}

function has(query: Query, name: string): boolean {
  return queryValue(query, name) !== undefined;
}

/** A bucket answers only where it lives; accelerate and custom domains reach any region. */
function checkEndpoint(request: OssRequest, bucket: OssBucket): void {
  const addressed = request.target.hostRegion ?? request.settings.region;
  if (request.settings.dialect === 'oss' && bucket.region !== addressed) {
    throw wrongEndpoint(bucket.name, bucket.endpoint);
  }
}

function checkPayer(request: OssRequest, bucket: OssBucket): void {
  const declared = request.headers['x-oss-request-payer'] ?? queryValue(request.target.query, 'x-oss-request-payer');
  const isOwner = request.user !== undefined && request.user.isOwner !== false;
  if (bucket.options.requesterPays === true && !isOwner && declared !== 'requester') {
    throw requesterPaysMissing(bucket.name);
  }
}

/** `x-oss-traffic-limit` of a request in bits a second, as header or in the signed query; undefined: none. */
export function trafficLimit(headers: Readonly<Record<string, string>>, query: Query): string | undefined {
  return headers['x-oss-traffic-limit'] ?? queryValue(query, 'x-oss-traffic-limit');
}

function checkTrafficLimit(request: OssRequest): void {
  const limit = trafficLimit(request.headers, request.target.query);
  const bits = Number(limit);
  if (limit !== undefined && !(/^\d+$/.test(limit) && bits >= 819_200 && bits <= 838_860_800)) {
    throw invalidArgument(
      'The traffic limit must be from 819200 to 838860800 bits a second.',
      'x-oss-traffic-limit',
      limit,
    );
  }
}
