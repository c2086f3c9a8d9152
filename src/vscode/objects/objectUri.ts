import { formatBytes } from '../../base/format.ts';
import type { ObjectRef } from '../../oss/model.ts';

/** Objects of OSS as files that the editor can open; package.json names it for the activation. */
export const objectScheme = 'oss-object';

/** An object that is open in an editor, or its beginning. */
export interface ObjectFile {
  /** Without the region, which is no part of its name. */
  readonly object: ObjectRef;
  /** Only so many bytes from its start; absent: all of it. */
  readonly firstBytes?: number;
}

/** What both `vscode.Uri` and its constructor have. */
export interface UriParts {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
}

/**
 * The URI of an object. Two objects never share one: what it names stands in the query, which the editor takes as it
 * is, while it normalizes paths (`a//b`, `a/../b`) and may ignore their case. The path is for people, for tabs and for
 * the choice of a language or a viewer. It holds no secret: the profile is named, its key is not.
 */
export function objectUri(file: ObjectFile): UriParts {
  const { profile, bucket, key, versionId } = file.object;
  return {
    scheme: objectScheme,
    authority: bucket,
    path: pathOf(file),
    query: JSON.stringify([profile, bucket, key, versionId ?? null, file.firstBytes ?? null]),
  };
}

/**
 * The inverse of `objectUri`.
 * @returns undefined for anything that `objectUri` does not make, such as a file that something looks for beside an
 * object
 */
export function objectOf({ scheme, authority, path, query }: UriParts): ObjectFile | undefined {
  const [profile, bucket, key, versionId, firstBytes, ...more] = parseList(query);
  if (
    !isName(profile) ||
    !isName(bucket) ||
    !isName(key) ||
    (versionId !== null && !isName(versionId)) ||
    more.length > 0
  ) {
    return undefined;
  }
  if (firstBytes !== null && !(typeof firstBytes === 'number' && Number.isSafeInteger(firstBytes) && firstBytes > 0)) {
    return undefined;
  }
  const file: ObjectFile = {
    object: { profile, bucket, key, ...(versionId === null ? {} : { versionId }) },
    ...(firstBytes === null ? {} : { firstBytes }),
  };
  return scheme === objectScheme && authority === bucket && path === pathOf(file) ? file : undefined;
}

function pathOf({ object: { key }, firstBytes }: ObjectFile): string {
  const segments = key.split('/').map(shownSegment);
  const name = segments.pop() ?? '';
  // In every language the same, since an editor may be restored in another one.
  return ['', ...segments, firstBytes === undefined ? name : `[0-${formatBytes(firstBytes)}] ${name}`].join('/');
}

/** A segment that no normalization changes: what would be lost or cannot be seen is written as %XX. */
function shownSegment(segment: string): string {
  if (/^\.{0,2}$/.test(segment)) {
    return segment === '' ? '%2F' : segment.replaceAll('.', '%2E');
  }
  return segment.toWellFormed().replace(/[\p{Cc}\p{Cf}\u2028\u2029\\]/gu, encodeURIComponent);
}

function parseList(query: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(query);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
