import { createHmac } from 'node:crypto';
import type { Query } from '../http/requestTarget.ts';

/** What a V1 signature covers; header names in lower case. */
export interface V1Request {
  readonly method: string;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly query: Query;
  readonly headers: Readonly<Record<string, string>>;
  /** The Date header, or `Expires` of a signed URL. */
  readonly date: string;
}

/** Query parameters that name a sub-resource: only these are signed. */
const subResources = new Set([
  'accessPoint',
  'accessPointPolicy',
  'acl',
  'append',
  'asyncFetch',
  'bucketInfo',
  'callback',
  'callback-var',
  'cleanRestoredObject',
  'cname',
  'comp',
  'continuation-token',
  'cors',
  'delete',
  'encryption',
  'endTime',
  'img',
  'inventory',
  'inventoryId',
  'lifecycle',
  'live',
  'location',
  'logging',
  'metaQuery',
  'objectInfo',
  'objectMeta',
  'partNumber',
  'policy',
  'position',
  'publicAccessBlock',
  'qos',
  'qosInfo',
  'referer',
  'regionList',
  'replication',
  'replicationLocation',
  'replicationProgress',
  'requestPayment',
  'resourceGroup',
  'restore',
  'rtc',
  'security-token',
  'sequential',
  'startTime',
  'stat',
  'status',
  'style',
  'styleName',
  'symlink',
  'tagging',
  'transferAcceleration',
  'udf',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'vod',
  'website',
  'worm',
  'wormExtend',
  'wormId',
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
]);

/** @see https://www.alibabacloud.com/help/en/oss/developer-reference/include-signatures-in-the-authorization-header */
export function stringToSignV1(request: V1Request): string {
  const ossHeaders = Object.keys(request.headers)
    .filter((name) => name.startsWith('x-oss-'))
    .sort()
    .map((name) => `${name}:${request.headers[name]!.trim()}`);
  return [
    request.method,
    request.headers['content-md5'] ?? '',
    request.headers['content-type'] ?? '',
    request.date,
    ...ossHeaders,
    canonicalResourceV1(request),
  ].join('\n');
}

function canonicalResourceV1({ bucket, key, query }: V1Request): string {
  const path = `/${bucket === undefined ? '' : `${bucket}/`}${key ?? ''}`;
  const signed = query
    .filter(([name]) => subResources.has(name) || name.startsWith('x-oss-'))
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  return signed.length === 0 ? path : `${path}?${signed.join('&')}`;
}

export function signatureV1(accessKeySecret: string, stringToSign: string): string {
  return createHmac('sha1', accessKeySecret).update(stringToSign).digest('base64');
}
