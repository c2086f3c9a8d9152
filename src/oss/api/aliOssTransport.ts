import { defined } from '../../base/defined.ts';
import type { Dispatcher } from 'undici';
import { raceAbort } from '../../base/abort.ts';
import { AppError } from '../../base/errors.ts';
import type { RequestBase } from '../endpoint.ts';
import type { ResponseHeaders } from '../headers.ts';
import { fromNetworkFailure } from '../networkErrors.ts';
import { fromFailedResponse, maxErrorBodyBytes } from '../ossErrors.ts';

/**
 * Placeholder host for ali-oss, which mishandles IP addresses, localhost and IPv6 (it forges Host headers, drops the
 * bucket, or throws). The transport sends the path to the real origin.
 */
export const placeholderOrigin = 'http://oss.invalid';

/** Longer bodies are rejected; a page of 1000 keys of 1023 percent-encoded bytes has about 4 MiB. */
const maxBodyBytes = 16 * 1024 * 1024;
/** Longest time without a byte; then the attempt fails. Short, because a user is waiting and failures are retried. */
const stallTimeoutMs = 15_000;

/** Context of one call, which ali-oss passes from the caller to the transport. */
export interface CallContext {
  readonly signal: AbortSignal;
  readonly base: RequestBase;
  /** Subject of the call, for errors. */
  readonly subject: string;
  /** Requests of anonymous profiles carry no signature. */
  readonly isSigned: boolean;
  /** Required root element of the body, so that a login page does not look like an empty bucket. Absent: no body. */
  readonly rootElement?: string;
  /** Set by the transport: the reason of the failure, most of which ali-oss would lose. */
  failure?: Error;
}

/** Parameters that ali-oss passes to its HTTP client. @see ali-oss lib/common/utils/createRequest.js */
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
  /** Passed on to the caller of ali-oss. */
  readonly res: { readonly status: number; readonly headers: ResponseHeaders; readonly data: Buffer };
}

export interface Urllib {
  request(url: string, params: UrllibParams): Promise<UrllibResult>;
}

/**
 * Implements the `urllib` option of ali-oss with undici, so that every call uses the same HTTP stack. Returns
 * successful responses only; any failure is stored in the call's context, and thrown.
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
    // With gzip accepted, HEAD of a compressible object returns no length.
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
