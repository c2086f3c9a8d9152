import { contentOf, md5, singlePutBytes } from './objectContent.ts';
import type { ContentSpec, ObjectContent } from './objectContent.ts';

export type ObjectType = 'Normal' | 'Multipart' | 'Appendable' | 'Symlink';
export type StorageClass = 'Standard' | 'IA' | 'Archive' | 'ColdArchive' | 'DeepColdArchive';

/** A restore that was asked for: readable from `readyMs` until `expiresMs`, in milliseconds since the epoch. */
export interface Restore {
  readonly readyMs: number;
  readonly expiresMs: number;
}

/** One version of an object. Replaced as a whole; only its restore changes in place. */
export interface StoredObject {
  readonly kind: 'object';
  readonly key: string;
  readonly versionId: string;
  readonly content: ObjectContent;
  /** Quotes included. */
  readonly etag: string;
  readonly lastModifiedMs: number;
  readonly type: ObjectType;
  readonly storageClass: StorageClass;
  readonly contentType: string;
  /** Stored with the object and sent with it: `Content-Encoding`, `Cache-Control`, `x-oss-meta-…`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly symlinkTarget: string | undefined;
  /** Objects older than the feature have no CRC-64. */
  readonly hasCrc: boolean;
  restore: Restore | undefined;
}

/** What deleting leaves on top of the versions of a key. */
export interface DeleteMarker {
  readonly kind: 'deleteMarker';
  readonly key: string;
  readonly versionId: string;
  readonly lastModifiedMs: number;
}

export type StoredEntry = StoredObject | DeleteMarker;

export interface ObjectOptions {
  /** Default: Normal up to 1 MiB and for literal bytes, else Multipart. */
  readonly type?: ObjectType;
  readonly storageClass?: StorageClass;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Makes a symlink; the content is not read then. */
  readonly symlinkTarget?: string;
  readonly hasCrc?: boolean;
  /** Quotes included; else made from the content as OSS does. */
  readonly etag?: string;
  readonly lastModifiedMs?: number;
}

/** Builds a version from what a test says of it. */
export function storedObject(
  key: string,
  versionId: string,
  spec: ContentSpec | Buffer,
  options: ObjectOptions,
  nowMs: number,
): StoredObject {
  const content = options.symlinkTarget === undefined ? contentOf(spec) : contentOf({ text: '' });
  const type = options.symlinkTarget !== undefined ? 'Symlink' : (options.type ?? defaultType(spec));
  return {
    kind: 'object',
    key,
    versionId,
    content,
    etag: options.etag ?? etagOf(content, type),
    lastModifiedMs: options.lastModifiedMs ?? nowMs,
    type,
    storageClass: options.storageClass ?? 'Standard',
    contentType: options.contentType ?? contentTypeOf(key),
    headers: options.headers ?? {},
    symlinkTarget: options.symlinkTarget,
    hasCrc: options.hasCrc ?? true,
    restore: undefined,
  };
}

function defaultType(spec: ContentSpec | Buffer): ObjectType {
  return 'seed' in spec && spec.sizeBytes > singlePutBytes ? 'Multipart' : 'Normal';
}

/** The MD5 only for what was put in one request; parts make `…-N`, appending makes something opaque. */
function etagOf(content: ObjectContent, type: ObjectType): string {
  switch (type) {
    case 'Normal':
      return `"${content.digest()}"`;
    case 'Multipart':
      return `"${content.digest()}-${Math.max(1, Math.ceil(content.sizeBytes / (8 * 1024 * 1024)))}"`;
    case 'Appendable':
    case 'Symlink':
      return `"${md5(Buffer.from(`${type}:${content.digest()}`))}"`;
  }
}

const contentTypes: Readonly<Record<string, string>> = {
  css: 'text/css',
  csv: 'text/csv',
  html: 'text/html',
  js: 'application/javascript',
  json: 'application/json',
  md: 'text/markdown',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  xml: 'application/xml',
};

function contentTypeOf(key: string): string {
  return contentTypes[key.slice(key.lastIndexOf('.') + 1).toLowerCase()] ?? 'application/octet-stream';
}
