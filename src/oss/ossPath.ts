import { AppError } from '../base/errors.ts';
import type { ObjectRef } from './model.ts';

/** Bucket and key of `oss://bucket/key`; the key is empty for a bucket and ends in `/` for a folder. */
export interface OssPath {
  readonly bucket: string;
  readonly key: string;
}

/** OSS's own limit, in bytes of UTF-8; a longer key is rejected. */
const maxKeyBytes = 1023;

/**
 * Accepts 3 to 63 lower-case letters, digits and hyphens, no hyphen at either end; old buckets may have underscores.
 */
export function isBucketName(name: string): boolean {
  return /^[a-z0-9_][a-z0-9_-]{1,61}[a-z0-9_]$/.test(name);
}

/**
 * Parses `oss://bucket`, `oss://bucket/` or `oss://bucket/key`. The key is taken verbatim: nothing is decoded, trimmed
 * or normalized, since `%41`, `..` and trailing spaces are all part of a key.
 * @throws AppError `input/invalidPath`; the message quotes the text and names the fault
 * @see https://www.alibabacloud.com/help/en/oss/user-guide/object-naming-conventions
 */
export function parseOssPath(text: string): OssPath {
  const [, bucket = '', key = ''] = /^oss:\/\/([^/]*)(?:\/(.*))?$/su.exec(text.trimStart()) ?? [];
  if (bucket === '') {
    throw invalid(text, 'a path looks like oss://bucket/key');
  }
  if (!isBucketName(bucket)) {
    throw invalid(text, `"${bucket}" is no bucket name: 3 to 63 lower-case letters, digits and hyphens`);
  }
  if (!key.isWellFormed()) {
    throw invalid(text, 'half a character stands in the key');
  }
  if (Buffer.byteLength(key) > maxKeyBytes) {
    throw invalid(text, `the key has more than ${maxKeyBytes} bytes`);
  }
  if (/^[/\\]/.test(key)) {
    throw invalid(text, 'a key starts with neither / nor \\');
  }
  return { bucket, key };
}

/**
 * Parses a path as a user types it: `oss://` is optional, surrounding white space is ignored.
 * @throws AppError `input/invalidPath` as `parseOssPath`
 */
export function parseTypedPath(text: string): OssPath {
  const trimmed = text.trim();
  return parseOssPath(trimmed.startsWith('oss://') ? trimmed : `oss://${trimmed}`);
}

/**
 * Parses a bucket or a folder as a user types it; the trailing slash of a folder is optional.
 * @returns a path whose key is empty or ends in `/`
 * @throws AppError `input/invalidPath` as `parseOssPath`
 */
export function parseBucketOrFolder(text: string): OssPath {
  const { bucket, key } = parseTypedPath(text);
  // Parsed again, since the slash counts towards the length of the key.
  return parseOssPath(formatOssPath({ bucket, key: key === '' || key.endsWith('/') ? key : `${key}/` }));
}

/** The inverse of `parseOssPath`, byte for byte. */
export function formatOssPath({ bucket, key }: OssPath): string {
  return `oss://${bucket}/${key}`;
}

/** Formats an object for errors and log lines: on one line, whatever its key holds. */
export function describeObject({ bucket, key, versionId }: Pick<ObjectRef, 'bucket' | 'key' | 'versionId'>): string {
  const path = formatOssPath({ bucket, key }).replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
  return versionId === undefined ? path : `${path} (version ${versionId})`;
}

function invalid(text: string, why: string): AppError {
  const subject = text.trim().slice(0, 200);
  return new AppError('input/invalidPath', `not an oss:// path (${why}): ${JSON.stringify(subject)}`, {
    details: { subject },
  });
}
