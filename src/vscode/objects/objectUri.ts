import { formatBytes } from '../../base/format.ts';
import type { ObjectRef } from '../../oss/model.ts';

/** URI scheme of OSS objects as files in the editor; package.json names it for the activation. */
export const objectScheme = 'oss-object';

/** An object opened in an editor, or its beginning. */
export interface ObjectFile {
  /** Without the region, which is not part of its identity. */
  readonly object: ObjectRef;
  /** Length of a preview of its start; absent for the whole object. */
  readonly firstBytes?: number;
}

/** The components shared by `vscode.Uri` and its constructor. */
export interface UriParts {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query: string;
}

/**
 * The unique URI of an object. The query identifies it, because the editor normalizes paths (`a//b`, `a/../b`) and may
 * ignore their case, but keeps the query. The path is the title of the tab and selects the language or viewer. The URI
 * contains no secret: only the profile's name, not its key.
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
 * @returns undefined for any other URI, such as a configuration file that a tool looks for next to an object
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
  // Not localized, since an editor may be restored under another display language.
  return ['', ...segments, firstBytes === undefined ? name : `[0-${formatBytes(firstBytes)}] ${name}`].join('/');
}

/** Writes lost or invisible characters as %XX, so that no normalization changes the segment. */
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
