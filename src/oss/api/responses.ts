import { defined } from '../../base/defined.ts';
import { AppError } from '../../base/errors.ts';
import type { AliBuckets, AliObject, AliPage, AliVersions } from './aliOssClient.ts';
import { isRegion, normalizeRegion } from '../endpoint.ts';
import { headerNumber, headerValue } from '../headers.ts';
import type { ResponseHeaders } from '../headers.ts';
import type { Bucket, BucketRef, ListedObject, ObjectMeta, ObjectRef, ObjectVersion, RestoreStatus } from '../model.ts';
import type { ListedEntry, Page } from '../objectLister.ts';
import { describeObject } from '../ossPath.ts';

/** Converts a parsed ListBuckets response to a page. Pure. */
export function bucketPage(profile: string, { buckets, isTruncated, nextMarker }: AliBuckets): Page<Bucket> {
  const items = (buckets ?? []).map(({ name, region, creationDate, storageClass }): Bucket => ({
    profile,
    bucket: name,
    ...regionOf(region),
    storageClass,
    createdMs: Date.parse(creationDate),
  }));
  return isTruncated && nextMarker !== null ? { items, next: nextMarker } : { items };
}

/**
 * Converts a parsed ListObjectsV2 response with `encoding-type=url` to a page: keys decoded, folders and objects merged
 * in the server's order. Pure.
 * @throws AppError `server/unexpectedAnswer` for an entry without a size or a date
 */
export function entryPage(
  bucket: BucketRef,
  { objects, prefixes, isTruncated, nextContinuationToken, res }: AliPage,
): Page<ListedEntry> {
  // A server that does not support the parameter sends keys unencoded.
  const isEncoded = /<EncodingType>\s*url\s*<\/EncodingType>/.test(res.data.toString('latin1'));
  const decode = isEncoded ? decodeListed : (text: string): string => text;
  const entries = [
    ...objects.map((object) =>
      ordered(decode(object.name), {
        kind: 'object',
        object: listedObject({ ...bucket, key: decode(object.name) }, object),
      }),
    ),
    ...(prefixes ?? []).map((prefix) => ordered(decode(prefix), { kind: 'prefix', prefix: decode(prefix) })),
  ];
  const items = entries.sort((a, b) => Buffer.compare(a.bytes, b.bytes)).map(({ entry }) => entry);
  return isTruncated && nextContinuationToken !== null ? { items, next: decode(nextContinuationToken) } : { items };
}

/**
 * Converts the headers of a HEAD response. Pure.
 * @throws AppError `server/unexpectedAnswer` without a size or an ETag
 */
export function objectMeta(asked: ObjectRef, headers: ResponseHeaders): ObjectMeta {
  const sizeBytes = headerNumber(headers, 'content-length');
  const etag = headerValue(headers, 'etag');
  const type = headerValue(headers, 'x-oss-object-type');
  const versionId = headerValue(headers, 'x-oss-version-id');
  // HEAD of a symbolic link mixes the target's size and ETag with the link's other headers.
  const crc64 = type === 'Symlink' ? undefined : headerValue(headers, 'x-oss-hash-crc64ecma');
  const contentType = headerValue(headers, 'content-type');
  if (sizeBytes === undefined || etag === undefined) {
    throw unexpected('the answer tells no size or no ETag', asked);
  }
  return {
    ref: versionId === undefined ? asked : { ...asked, versionId },
    sizeBytes,
    etag,
    lastModifiedMs: Date.parse(headerValue(headers, 'last-modified') ?? ''),
    storageClass: headerValue(headers, 'x-oss-storage-class') ?? 'Standard',
    ...defined({ type, crc64, contentType }),
    ...restoreOf(headerValue(headers, 'x-oss-restore')),
    headers: describingHeaders(headers),
  };
}

/**
 * Extracts the versions of one object from a parsed ListObjectVersions response, in its order. Pure.
 * @returns `isLast`: true if other objects follow
 */
export function versionPage(
  asked: ObjectRef,
  { objects, deleteMarker, res }: AliVersions,
): { readonly versions: readonly ObjectVersion[]; readonly isLast: boolean } {
  const isEncoded = /<EncodingType>\s*url\s*<\/EncodingType>/.test(res.data.toString('latin1'));
  const isAsked = ({ name }: { readonly name: string }): boolean =>
    (isEncoded ? decodeListed(name) : name) === asked.key;
  const { profile, bucket, region, key } = asked;
  const ref = { profile, bucket, ...defined({ region }), key };
  const versions = [
    ...objects
      .filter(isAsked)
      .map((object): ObjectVersion => ({
        kind: 'version',
        object: listedObject({ ...ref, versionId: object.versionId }, object),
        isLatest: object.isLatest,
      })),
    ...deleteMarker
      .filter(isAsked)
      .map(({ versionId, lastModified }): ObjectVersion => ({
        kind: 'deleteMarker',
        versionId,
        lastModifiedMs: Date.parse(lastModified),
      })),
  ];
  return { versions, isLast: versions.length < objects.length + deleteMarker.length };
}

/** Creation time of a version, in milliseconds since the epoch. */
export function versionTimeMs(version: ObjectVersion): number {
  return version.kind === 'version' ? version.object.lastModifiedMs : version.lastModifiedMs;
}

const standardHeader = /^(?:cache-control|content-(?:disposition|encoding|language)|expires)$/i;
const ossHeader = /^x-oss-(?:meta-.*|server-side-.*|tagging-count|expiration|symlink-target|next-append-position)$/i;

function describingHeaders(headers: ResponseHeaders): readonly (readonly [string, string])[] {
  return Object.keys(headers).flatMap((name) => {
    const value = standardHeader.test(name) || ossHeader.test(name) ? headerValue(headers, name) : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
}

/** @see https://www.alibabacloud.com/help/en/oss/developer-reference/headobject (x-oss-restore) */
function restoreOf(header: string | undefined): { readonly restore?: RestoreStatus } {
  if (header === undefined) {
    return {};
  }
  if (/ongoing-request="?true/i.test(header)) {
    return { restore: { kind: 'ongoing' } };
  }
  const expiresMs = Date.parse(/expiry-date="([^"]*)"/i.exec(header)?.[1] ?? '');
  return { restore: Number.isNaN(expiresMs) ? { kind: 'restored' } : { kind: 'restored', expiresMs } };
}

/** Normalizes a bucket's region; left out where a private cloud sends a name that is not a region. */
function regionOf(location: string): { readonly region?: string } {
  return isRegion(location) ? { region: normalizeRegion(location) } : {};
}

function listedObject(
  ref: ObjectRef,
  { lastModified, etag = '', type, size, storageClass = 'Standard', restoreInfo }: AliObject,
): ListedObject {
  const lastModifiedMs = Date.parse(lastModified);
  if (!Number.isSafeInteger(size) || Number.isNaN(lastModifiedMs)) {
    throw unexpected('the listing tells no size or no date', ref);
  }
  return {
    ref,
    sizeBytes: size,
    etag,
    lastModifiedMs,
    storageClass,
    ...defined({ type }),
    ...listedRestore(restoreInfo),
  };
}

function listedRestore(info: AliObject['restoreInfo']): { readonly restore?: RestoreStatus } {
  if (info === undefined) {
    return {};
  }
  const expiresMs = info.expiryDate?.getTime() ?? NaN;
  return {
    restore: info.ongoingRequest
      ? { kind: 'ongoing' }
      : { kind: 'restored', ...(Number.isNaN(expiresMs) ? {} : { expiresMs }) },
  };
}

function ordered(name: string, entry: ListedEntry): { readonly bytes: Buffer; readonly entry: ListedEntry } {
  return { bytes: Buffer.from(name), entry };
}

/**
 * Decodes `encoding-type=url`. A name that is not UTF-8 gets replacement characters, so that it does not fail the page.
 */
function decodeListed(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return Buffer.from(
      spaced.replace(/%([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16))),
      'latin1',
    ).toString('utf8');
  }
}

function unexpected(what: string, object: ObjectRef): AppError {
  const subject = describeObject(object);
  return new AppError('server/unexpectedAnswer', `${what}: ${subject}`, { details: { subject } });
}
