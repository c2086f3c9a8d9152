import { AppError } from '../../base/errors.ts';

/**
 * A URL in the form that undici takes. `path` keeps every byte of a key; a WHATWG `URL` would rewrite `/../`, `%2e` and
 * `\`.
 */
export interface HttpTarget {
  /** Such as `https://bucket.oss-cn-hangzhou.aliyuncs.com` or `http://[::1]:9000`; no default port. */
  readonly origin: string;
  /** Path and query, starting with `/`, ready for the request line. */
  readonly path: string;
}

/**
 * Splits an absolute http or https URL without normalizing it. Characters that a request line cannot hold (spaces,
 * control and non-ASCII characters) are percent-encoded as UTF-8; the fragment is dropped.
 * @throws AppError `input/invalidUrl`; the message never holds the query
 */
export function splitUrl(url: string): HttpTarget {
  const parts = /^(https?):\/\/([^/?#\\]*)([^?#]*)(\?[^#]*)?/i.exec(url.trim());
  const [, scheme = '', authority = '', path = '', query = ''] = parts ?? [];
  if (parts === null) {
    throw new AppError('input/invalidUrl', `not an http or https URL: ${withoutQuery(url)}`, {
      details: { subject: withoutQuery(url) },
    });
  }
  if (authority.includes('@')) {
    const subject = `${scheme}://…${path}`;
    throw new AppError('input/invalidUrl', `a URL with a user name or password is not supported: ${subject}`, {
      details: { subject },
    });
  }
  const origin = originOf(`${scheme}://${authority}`);
  if (origin === undefined) {
    throw new AppError('input/invalidUrl', `the URL names no valid host: ${withoutQuery(url)}`, {
      details: { subject: withoutQuery(url) },
    });
  }
  return { origin, path: encodeForRequestLine((path === '' ? '/' : path) + query) };
}

/** Formats a target for the log: without the query, which can be a credential. */
export function describeTarget(target: HttpTarget): string {
  return target.origin + withoutQuery(target.path);
}

/**
 * Resolves the target of a redirect.
 * @param location the header as received: Latin-1 characters that represent bytes
 * @throws AppError `server/unexpectedAnswer` for an invalid URL or a redirect from https to http
 * @see RFC 9110 section 10.2.2 (Location)
 */
export function redirectTarget(from: HttpTarget, location: string): HttpTarget {
  const ascii = location.trim().replace(/[^\x21-\x7e]/g, (character) => percentByte(character.charCodeAt(0) & 0xff));
  const subject = describeTarget(from);
  let target: HttpTarget;
  try {
    target = resolveLocation(from, ascii);
  } catch (error) {
    throw new AppError('server/unexpectedAnswer', `a redirect that leads nowhere, from: ${subject}`, {
      details: { subject },
      cause: error,
    });
  }
  if (from.origin.startsWith('https:') && !target.origin.startsWith('https:')) {
    throw new AppError('server/unexpectedAnswer', `a redirect from https to http is not followed, from: ${subject}`, {
      details: { subject },
    });
  }
  return target;
}

function resolveLocation(from: HttpTarget, location: string): HttpTarget {
  if (/^https?:\/\//i.test(location)) {
    return splitUrl(location);
  }
  if (location.startsWith('//')) {
    return splitUrl(from.origin.slice(0, from.origin.indexOf(':') + 1) + location);
  }
  if (location.startsWith('/')) {
    return splitUrl(from.origin + location);
  }
  // Resolving a relative reference includes normalization (RFC 3986 section 5.2).
  return splitUrl(new URL(location, from.origin + from.path).href);
}

/**
 * Last parsed origin: consecutive URLs mostly share it, and parsing takes a few per cent of the time of a small object.
 */
let lastOrigin: { readonly text: string; readonly origin: string } | undefined;

function originOf(text: string): string | undefined {
  if (lastOrigin?.text === text) {
    return lastOrigin.origin;
  }
  try {
    const { origin, hostname } = new URL(text);
    if (hostname === '') {
      return undefined;
    }
    lastOrigin = { text, origin };
    return origin;
  } catch {
    return undefined;
  }
}

function withoutQuery(text: string): string {
  const [path = ''] = text.split(/[?#]/, 1);
  return path;
}

function encodeForRequestLine(text: string): string {
  return text.replace(/[^\x21-\x7e]+/g, (run) => [...new TextEncoder().encode(run)].map(percentByte).join(''));
}

function percentByte(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
