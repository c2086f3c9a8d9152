import { AppError } from '../base/errors.ts';

/** What `oss://bucket/key` names; the key is empty for a bucket, and ends in `/` for a folder. */
export interface OssPath {
  readonly bucket: string;
  readonly key: string;
}

/** 3 to 63 lower-case letters, digits and hyphens, a hyphen neither first nor last. */
const bucketName = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
/** OSS's own limit, in bytes of UTF-8. */
const maxKeyBytes = 1023;

/**
 * Reads `oss://bucket/key`. The key is taken as it stands: nothing is decoded, trimmed or normalized,
 * since `%41`, `..` and trailing spaces are all part of a key.
 *
 * @throws AppError `input/invalidPath`
 */
export function parseOssPath(text: string): OssPath {
  const match = /^oss:\/\/([^/]*)(?:\/(.*))?$/su.exec(text.trimStart());
  const [, bucket = '', key = ''] = match ?? [];
  if (match === null || !isBucketName(bucket) || Buffer.byteLength(key) > maxKeyBytes || /^[/\\]/.test(key)) {
    throw new AppError('input/invalidPath', `not an oss://bucket/key path: ${text}`, { details: { subject: text } });
  }
  return { bucket, key };
}

export function isBucketName(name: string): boolean {
  return bucketName.test(name);
}

export function formatOssPath({ bucket, key }: OssPath): string {
  return `oss://${bucket}/${key}`;
}
