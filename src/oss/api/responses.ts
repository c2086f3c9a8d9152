import { defined } from '../../base/defined.ts';
import { AppError } from '../../base/errors.ts';
import type { AliBuckets, AliObject, AliPage, AliVersions } from './aliOssClient.ts';
import { isRegion, normalizeRegion } from '../endpoint.ts';
import { headerNumber, headerValue } from '../headers.ts';
import type { ResponseHeaders } from '../headers.ts';
import type { Bucket, BucketRef, ListedObject, ObjectMeta, ObjectRef, ObjectVersion, RestoreStatus } from '../model.ts';
import type { ListedEntry, Page } from '../objectLister.ts';
import { describeObject } from '../ossPath.ts';

/** A page of ListBuckets as ali-oss read it; pure. */
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
 * A page of ListObjectsV2 with `encoding-type=url` as ali-oss read it, decoded, folders and objects in the server's
 * order; pure.
 * @throws AppError `server/unexpectedAnswer` for an entry without a size or a date
 */
export function entryPage(
  bucket: BucketRef,
  { objects, prefixes, isTruncated, nextContinuationToken, res }: AliPage,
): Page<ListedEntry> {
  // A server that does not know the parameter sends keys as they are, per cent signs included.
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
 * What HEAD's headers say; pure.
 * @throws AppError `server/unexpectedAnswer` when they tell no size or no ETag
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
 * The versions of one object out of a page of ListObjectVersions, newest first; pure.
 * @returns `isLast`: names of other objects follow
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

/** When a version came to be, in milliseconds since the epoch. */
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

/** A private cloud may call its places what it likes: what is no region is left out. */
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
 * Undoes `encoding-type=url`. One name that is no UTF-8 must not take the page with it: it comes out with replacement
 * characters.
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
