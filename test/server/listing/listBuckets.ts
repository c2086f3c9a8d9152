import { isoSeconds, ownerElement } from './listObjects.ts';
import { maxKeys } from './listParameters.ts';
import type { ObjectStore, OssBucket } from '../objects/objectStore.ts';
import { queryValue } from '../http/requestTarget.ts';
import type { Query } from '../http/requestTarget.ts';
import { xmlDocument } from '../http/xml.ts';
import type { XmlNode } from '../http/xml.ts';

/** ListBuckets: all regions, by name, in pages. The paging elements stand there only where they say something. */
export function listBuckets(store: ObjectStore, query: Query): string {
  const prefix = queryValue(query, 'prefix') ?? '';
  const marker = queryValue(query, 'marker') ?? '';
  const limit = maxKeys(query);
  const found = store.buckets().filter((bucket) => bucket.name.startsWith(prefix) && bucket.name > marker);
  const listed = found.slice(0, limit);
  const truncated = found.length > limit;
  const paging: readonly XmlNode[] = [
    ['Prefix', prefix],
    ['Marker', marker],
    ['MaxKeys', limit],
    ['IsTruncated', truncated],
  ];
  return xmlDocument([
    'ListAllMyBucketsResult',
    [
      ...(truncated || prefix !== '' || marker !== '' ? paging : []),
      truncated ? ['NextMarker', listed.at(-1)!.name] : undefined,
      ownerElement,
      ['Buckets', listed.map((bucket): XmlNode => ['Bucket', bucketElements(bucket)])],
    ],
  ]);
}

/** GetBucketInfo: the XML for `?bucketInfo`. */
export function bucketInfo(bucket: OssBucket): string {
  const { acl = 'private', versioning } = bucket.options;
  return xmlDocument([
    'BucketInfo',
    [
      [
        'Bucket',
        [
          ...bucketElements(bucket),
          ownerElement,
          ['AccessControlList', [['Grant', acl]]],
          versioning === undefined ? undefined : ['Versioning', versioning],
        ],
      ],
    ],
  ]);
}

/** GetBucketLocation: the XML for `?location`. */
export function bucketLocation(bucket: OssBucket): string {
  return xmlDocument(['LocationConstraint', `oss-${bucket.region}`]);
}

function bucketElements(bucket: OssBucket): readonly XmlNode[] {
  return [
    ['CreationDate', isoSeconds(bucket.createdMs)],
    ['ExtranetEndpoint', bucket.endpoint],
    ['IntranetEndpoint', bucket.options.endpoint ?? `oss-${bucket.region}-internal.aliyuncs.com`],
    ['Location', `oss-${bucket.region}`],
    ['Name', bucket.name],
    ['Region', bucket.region],
    ['StorageClass', bucket.options.storageClass ?? 'Standard'],
  ];
}
