import { defined } from '../../base/defined.ts';
import * as v from 'valibot';
import { AppError } from '../../base/errors.ts';
import type { ObjectRef } from '../../oss/model.ts';
import type { Validator } from '../../oss/objectReader.ts';
import type { DownloadRequest, KnownObject } from '../model.ts';

/**
 * Origin of the bytes, as stored. A URL has no query, fragment and user part, since those may be secrets; `secret` says
 * that a part was removed, which only the user can supply.
 */
export type StoredSource =
  | { readonly kind: 'oss'; readonly object: ObjectRef }
  | { readonly kind: 'url'; readonly url: string; readonly secret: boolean };

/** The object as described by the first response, and its parts: every later byte must belong to it. */
export interface ObjectIdentity {
  /** Absent if the server did not report it; then there are no ranges either. */
  readonly sizeBytes?: number;
  readonly partSizeBytes: number;
  /** See `Plan`. Absent: all parts have one size. */
  readonly coarseParts?: number;
  /** Whether ranges can be requested; if not, the object comes in one response and cannot be resumed. */
  readonly ranges: boolean;
  /** Precondition of every request. */
  readonly validator?: Validator;
  readonly etag?: string;
  readonly lastModified?: string;
  readonly crc64?: string;
  readonly versionId?: string;
}

/** Facts of a download, stored before the records. */
export interface CheckpointHeader {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
  readonly source: StoredSource;
  /** Absolute path of the final file. */
  readonly path: string;
  readonly overwrite: boolean;
  readonly known?: KnownObject;
  /** As in `DownloadRequest`. */
  readonly awaitRestore?: boolean;
  /** Id of the batch that it belongs to. */
  readonly batch?: string;
  readonly preserveModified?: boolean;
  /** Absent until the first response. */
  readonly object?: ObjectIdentity;
}

const text = v.string();
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const schema = v.object({
  id: text,
  createdMs: v.number(),
  source: v.variant('kind', [
    v.object({
      kind: v.literal('oss'),
      object: v.object({
        profile: text,
        bucket: text,
        region: v.exactOptional(text),
        key: text,
        versionId: v.exactOptional(text),
      }),
    }),
    v.object({ kind: v.literal('url'), url: text, secret: v.boolean() }),
  ]),
  path: text,
  overwrite: v.boolean(),
  known: v.exactOptional(v.object({ sizeBytes: count, etag: text })),
  awaitRestore: v.exactOptional(v.boolean()),
  batch: v.exactOptional(text),
  preserveModified: v.exactOptional(v.boolean()),
  object: v.exactOptional(
    v.object({
      sizeBytes: v.exactOptional(count),
      partSizeBytes: v.pipe(count, v.minValue(1)),
      coarseParts: v.exactOptional(count),
      ranges: v.boolean(),
      validator: v.exactOptional(
        v.variant('kind', [
          v.object({ kind: v.literal('ifMatch'), etag: text }),
          v.object({ kind: v.literal('ifRange'), value: text }),
          v.object({ kind: v.literal('ifUnmodifiedSince'), date: text }),
        ]),
      ),
      etag: v.exactOptional(text),
      lastModified: v.exactOptional(text),
      crc64: v.exactOptional(v.pipe(text, v.regex(/^\d{1,20}$/u))),
      versionId: v.exactOptional(text),
    }),
  ),
});

/** @throws AppError `checkpoint/unreadable` */
export function parseHeader(json: string): CheckpointHeader {
  try {
    return v.parse(schema, JSON.parse(json));
  } catch (cause) {
    throw new AppError('checkpoint/unreadable', 'checkpoint header is not what this program writes', { cause });
  }
}

export function formatHeader(header: CheckpointHeader): string {
  return JSON.stringify(header);
}

export function newHeader(id: string, createdMs: number, request: DownloadRequest): CheckpointHeader {
  const { source, path, overwrite, known, awaitRestore, batch, preserveModified } = request;
  return {
    id,
    createdMs,
    source: source.kind === 'oss' ? source : storedUrl(source.url),
    path,
    overwrite,
    ...defined({ known, awaitRestore, batch, preserveModified }),
  };
}

/** Display name: `oss://bucket/key`, or a URL without possible secrets. */
export function labelOf(source: StoredSource): string {
  return source.kind === 'oss' ? `oss://${source.object.bucket}/${source.object.key}` : source.url;
}

/** Whether two sources are the same version of an object, or the same URL apart from its query. */
export function isSameSource(a: StoredSource, b: StoredSource): boolean {
  return (
    labelOf(a) === labelOf(b) &&
    (a.kind === 'oss' && b.kind === 'oss' ? a.object.versionId === b.object.versionId : a.kind === b.kind)
  );
}

/** Removes possible secrets from a URL, without WHATWG `URL`: it would rewrite `..`, `%2e` and `\` in the path. */
export function storedUrl(url: string): StoredSource & { kind: 'url' } {
  const bare = url.replace(/[?#].*$/su, '').replace(/^([a-z][a-z\d+.-]*:\/\/)[^/]*@/iu, '$1');
  return { kind: 'url', url: bare, secret: bare !== url.replace(/#.*$/su, '') };
}
