import { defined } from '../../base/defined.ts';
import type { Dispatcher } from 'undici';
import { raceAbort } from '../../base/abort.ts';
import { AppError } from '../../base/errors.ts';
import type { RequestBase } from '../endpoint.ts';
import type { ResponseHeaders } from '../headers.ts';
import { fromNetworkFailure } from '../networkErrors.ts';
import { fromFailedResponse, maxErrorBodyBytes } from '../ossErrors.ts';

/**
 * The host that ali-oss believes to talk to. It decides wrongly about addresses, localhost and IPv6 (it forges Host
 * headers, drops the bucket, or throws), so it is given a name that it leaves alone, and the transport sends the path
 * to the right place.
 */
export const placeholderOrigin = 'http://oss.invalid';

/** A page of 1000 keys of 1023 percent-encoded bytes has about 4 MiB. */
const maxBodyBytes = 16 * 1024 * 1024;
/** Without a byte. Somebody waits for the answer, and there are a few attempts. */
const stallTimeoutMs = 15_000;

/** One call of ali-oss: what it passes through from the caller to the transport, and back. */
export interface CallContext {
  readonly signal: AbortSignal;
  readonly base: RequestBase;
  /** What the call is about, for errors. */
  readonly subject: string;
  /** Requests of anonymous profiles carry no signature. */
  readonly isSigned: boolean;
  /** The root element that a body must have, so that a login page is not taken for an empty bucket. Absent: no body. */
  readonly rootElement?: string;
  /** The reason why the call failed, as ali-oss would lose most of it. */
  failure?: Error;
}

/** What ali-oss hands to its HTTP client. @see ali-oss lib/common/utils/createRequest.js */
export interface UrllibParams {
  readonly method: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly content?: string;
  readonly ctx: CallContext;
}

export interface UrllibResult {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly data: Buffer;
  /** Handed through to the caller of ali-oss. */
  readonly res: { readonly status: number; readonly headers: ResponseHeaders; readonly data: Buffer };
}

export interface Urllib {
  request(url: string, params: UrllibParams): Promise<UrllibResult>;
}

/**
 * The `urllib` option of ali-oss over undici, so that every call goes through the one HTTP stack. Only success comes
 * back; everything else is left in the call's context as what it is, and thrown.
 */
export function createUrllib(dispatcher: () => Dispatcher): Urllib {
  return {
    async request(url, params) {
      const { ctx } = params;
      try {
        return await send(dispatcher(), url, params);
      } catch (error) {
        ctx.failure = ctx.signal.aborted && error instanceof Error ? error : fromNetworkFailure(error, ctx.base.origin);
        throw ctx.failure;
      }
    },
  };
}

async function send(
  dispatcher: Dispatcher,
  url: string,
  { method, headers, content, ctx }: UrllibParams,
): Promise<UrllibResult> {
  const { signal, base, subject } = ctx;
  const answer = await raceAbort(
    dispatcher.request({
      origin: base.origin,
      path: base.pathPrefix + pathOf(url),
      method,
      headers: requestHeaders(headers, ctx.isSigned),
      ...defined({ body: content }),
      headersTimeout: stallTimeoutMs,
      bodyTimeout: stallTimeoutMs,
      signal,
    }),
    signal,
  );
  const isSuccess = answer.statusCode >= 200 && answer.statusCode < 300;
  const data = await collect(answer.body, isSuccess ? maxBodyBytes : maxErrorBodyBytes);
  if (!isSuccess) {
    throw fromFailedResponse({ status: answer.statusCode, headers: answer.headers, body: data.bytes, subject });
  }
  checkBody(data, ctx);
  const result = { status: answer.statusCode, headers: answer.headers, data: data.bytes };
  return { ...result, res: result };
}

function pathOf(url: string): string {
  if (!url.startsWith(`${placeholderOrigin}/`)) {
    throw new AppError(
      'internal',
      `ali-oss asked for another host than it was given: ${url.slice(0, url.indexOf('/', 8))}`,
    );
  }
  return url.slice(placeholderOrigin.length);
}

function requestHeaders(headers: Readonly<Record<string, unknown>>, isSigned: boolean): Record<string, string> {
  const sent = Object.entries(headers).filter(
    ([name, value]) =>
      value !== undefined &&
      value !== null &&
      name.toLowerCase() !== 'content-length' &&
      (isSigned || !isAboutSigning(name)),
  );
  return {
    ...Object.fromEntries(sent.map(([name, value]) => [name, String(value)])),
    // HEAD of a compressible object answers without a length when gzip would do.
    'accept-encoding': 'identity',
  };
}

function isAboutSigning(name: string): boolean {
  return /^(?:authorization|x-oss-(?:date|content-sha256|security-token))$/i.test(name);
}

interface Collected {
  readonly bytes: Buffer;
  readonly isCut: boolean;
}

async function collect(body: AsyncIterable<Uint8Array>, limit: number): Promise<Collected> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limit) {
      return { bytes: Buffer.concat(chunks).subarray(0, limit), isCut: true };
    }
  }
  return { bytes: Buffer.concat(chunks), isCut: false };
}

function checkBody({ bytes, isCut }: Collected, { rootElement, subject }: CallContext): void {
  if (rootElement === undefined) {
    return;
  }
  const isExpected = new RegExp(`<${rootElement}[\\s>/]`).test(bytes.subarray(0, 1024).toString('latin1'));
  if (isCut || !isExpected) {
    const what = isCut ? `is longer than ${maxBodyBytes} bytes` : `holds no ${rootElement}`;
    throw new AppError('server/unexpectedAnswer', `the answer ${what}: is this an OSS endpoint? ${subject}`, {
      details: { subject },
    });
  }
}
