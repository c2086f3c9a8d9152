import { fromBinary, toBinary } from './keyOrder.ts';
import { listPage } from './listing.ts';
import type { ListedItem, ListPosition } from './listing.ts';
import { decodeToken, encodeToken, listParameters } from './listParameters.ts';
import type { ListParameters } from './listParameters.ts';
import type { OssBucket } from '../objects/objectStore.ts';
import { queryValue } from '../http/requestTarget.ts';
import type { Query } from '../http/requestTarget.ts';
import { restoreHeader } from '../objects/restore.ts';
import type { StoredEntry, StoredObject } from '../objects/storedObject.ts';
import { xmlDocument } from '../http/xml.ts';
import type { XmlNode } from '../http/xml.ts';

/** Facts of the server that listings need. */
export interface ListContext {
  readonly nowMs: number;
  /** No page is longer, whatever `max-keys` says: OSS may return short pages. */
  readonly pageLimit: number;
}

/** Everything here belongs to one account. */
export const ownerElement: XmlNode = [
  'Owner',
  [
    ['ID', '1234567890'],
    ['DisplayName', 'local-owner'],
  ],
];

/** ListObjectsV2: the XML for `?list-type=2`. */
export function listObjectsV2(bucket: OssBucket, query: Query, context: ListContext): string {
  const parameters = listParameters(query);
  const token = queryValue(query, 'continuation-token');
  const startAfter = queryValue(query, 'start-after') ?? '';
  const position = token === undefined ? keyPosition(startAfter) : decodeToken(token);
  const { items, next } = page(bucket, parameters, position, context, false);
  return xmlDocument([
    'ListBucketResult',
    [
      ['Name', bucket.name],
      ['Prefix', parameters.encode(parameters.prefix)],
      ['StartAfter', parameters.encode(startAfter)],
      token === undefined ? undefined : ['ContinuationToken', token],
      ['MaxKeys', parameters.maxKeys],
      ['Delimiter', parameters.encode(parameters.delimiter)],
      parameters.urlEncoded ? ['EncodingType', 'url'] : undefined,
      ['IsTruncated', next !== undefined],
      next === undefined ? undefined : ['NextContinuationToken', parameters.encode(encodeToken(next))],
      ...contents(items, parameters, context, queryValue(query, 'fetch-owner') === 'true'),
      ['KeyCount', items.length],
    ],
  ]);
}

/** ListObjects, the first version: `marker` and `NextMarker`. */
export function listObjectsV1(bucket: OssBucket, query: Query, context: ListContext): string {
  const parameters = listParameters(query);
  const marker = queryValue(query, 'marker') ?? '';
  const { items, next } = page(bucket, parameters, markerPosition(marker, parameters), context, false);
  return xmlDocument([
    'ListBucketResult',
    [
      ['Name', bucket.name],
      ['Prefix', parameters.encode(parameters.prefix)],
      ['Marker', parameters.encode(marker)],
      ['MaxKeys', parameters.maxKeys],
      ['Delimiter', parameters.encode(parameters.delimiter)],
      parameters.urlEncoded ? ['EncodingType', 'url'] : undefined,
      ['IsTruncated', next !== undefined],
      next === undefined ? undefined : ['NextMarker', parameters.encode(fromBinary(next.key))],
      ...contents(items, parameters, context, true),
    ],
  ]);
}

/** ListObjectVersions: the XML for `?versions`. */
export function listVersions(bucket: OssBucket, query: Query, context: ListContext): string {
  const parameters = listParameters(query);
  const keyMarker = queryValue(query, 'key-marker') ?? '';
  const versionMarker = queryValue(query, 'version-id-marker') ?? '';
  const after = markerPosition(keyMarker, parameters);
  const position = after !== undefined && versionMarker !== '' ? { ...after, versionId: versionMarker } : after;
  const { items, next } = page(bucket, parameters, position, context, true);
  return xmlDocument([
    'ListVersionsResult',
    [
      ['Name', bucket.name],
      ['Prefix', parameters.encode(parameters.prefix)],
      ['KeyMarker', parameters.encode(keyMarker)],
      ['VersionIdMarker', versionMarker],
      ['MaxKeys', parameters.maxKeys],
      ['Delimiter', parameters.encode(parameters.delimiter)],
      parameters.urlEncoded ? ['EncodingType', 'url'] : undefined,
      ['IsTruncated', next !== undefined],
      next === undefined ? undefined : ['NextKeyMarker', parameters.encode(fromBinary(next.key))],
      next?.versionId === undefined ? undefined : ['NextVersionIdMarker', next.versionId],
      ...items.flatMap((item) =>
        item.kind === 'prefix' ? [] : [versionElement(item.entry, item.isLatest, parameters, context)],
      ),
      ...commonPrefixes(items, parameters),
    ],
  ]);
}

function page(
  bucket: OssBucket,
  parameters: ListParameters,
  after: ListPosition | undefined,
  context: ListContext,
  withVersions: boolean,
): ReturnType<typeof listPage> {
  const { prefix, delimiter } = parameters;
  return listPage(
    bucket.objects,
    { prefix, delimiter, after, maxKeys: Math.min(parameters.maxKeys, context.pageLimit) },
    withVersions,
  );
}

function keyPosition(key: string): ListPosition | undefined {
  return key === '' ? undefined : { key: toBinary(key), isPrefix: false };
}

/**
 * A marker that ends with the delimiter is a common prefix that was listed (what is below it has been seen), unless it
 * is the folder's own object.
 */
function markerPosition(marker: string, { prefix, delimiter }: ListParameters): ListPosition | undefined {
  const position = keyPosition(marker);
  return position === undefined
    ? undefined
    : { ...position, isPrefix: delimiter !== '' && marker.endsWith(delimiter) && marker.length > prefix.length };
}

function contents(
  items: readonly ListedItem[],
  parameters: ListParameters,
  context: ListContext,
  withOwner: boolean,
): readonly XmlNode[] {
  const objects = items.flatMap((item) => (item.kind === 'entry' && item.entry.kind === 'object' ? [item.entry] : []));
  return [
    ...objects.map((object): XmlNode => [
      'Contents',
      [['Key', parameters.encode(object.key)], ...facts(object, context), withOwner ? ownerElement : undefined],
    ]),
    ...commonPrefixes(items, parameters),
  ];
}

function commonPrefixes(items: readonly ListedItem[], parameters: ListParameters): readonly XmlNode[] {
  return items.flatMap((item): XmlNode[] =>
    item.kind === 'prefix' ? [['CommonPrefixes', [['Prefix', parameters.encode(fromBinary(item.prefix))]]]] : [],
  );
}

function facts(object: StoredObject, context: ListContext): readonly (XmlNode | undefined)[] {
  const restore = restoreHeader(object, context.nowMs);
  return [
    ['LastModified', isoSeconds(object.lastModifiedMs)],
    ['ETag', object.etag],
    ['Type', object.type],
    ['Size', object.content.sizeBytes],
    ['StorageClass', object.storageClass],
    restore === undefined ? undefined : ['RestoreInfo', restore],
  ];
}

function versionElement(
  entry: StoredEntry,
  isLatest: boolean,
  parameters: ListParameters,
  context: ListContext,
): XmlNode {
  const identity: readonly XmlNode[] = [
    ['Key', parameters.encode(entry.key)],
    ['VersionId', entry.versionId],
    ['IsLatest', isLatest],
  ];
  return entry.kind === 'object'
    ? ['Version', [...identity, ...facts(entry, context), ownerElement]]
    : ['DeleteMarker', [...identity, ['LastModified', isoSeconds(entry.lastModifiedMs)], ownerElement]];
}

/** OSS prints whole seconds with three zeros. */
export function isoSeconds(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString();
}
