import { defined } from '../../base/defined.ts';
import type { Dispatcher } from 'undici';
import { raceAbort } from '../../base/abort.ts';
import { redact } from '../../base/redact.ts';
import { fromNetworkFailure } from '../networkErrors.ts';
import { sourceFailure } from './recipe.ts';

/** Answers with keys have less than two kilobytes. */
const maxBodyBytes = 64 * 1024;

export interface ServiceRequest {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly origin: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For connecting, for the headers and for each pause within the body. */
  readonly timeoutMs: number;
}

export interface ServiceResponse {
  readonly status: number;
  /** Secret: where it succeeds it holds a key. */
  readonly text: string;
}

/**
 * One request to a service that hands out keys. Redirects are not followed: what is sent here is for this host alone.
 *
 * @throws AppError `network/*`, `server/unexpectedAnswer` for what is no HTTP, `auth/sourceFailed` (`malformed`) for a
 * body without end
 * @throws `signal.reason` when aborted
 */
export async function askService(
  dispatcher: Dispatcher,
  request: ServiceRequest,
  signal: AbortSignal,
): Promise<ServiceResponse> {
  const { method, origin, path, headers = {}, body, timeoutMs } = request;
  const limit = AbortSignal.timeout(timeoutMs * 2);
  try {
    const both = AbortSignal.any([signal, limit]);
    const answer = await raceAbort(
      dispatcher.request({
        origin,
        path,
        method,
        headers,
        ...defined({ body }),
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        signal: both,
      }),
      both,
    );
    const chunks: Uint8Array[] = [];
    let length = 0;
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBodyBytes) {
        throw sourceFailure('malformed', `the answer has more than ${maxBodyBytes} bytes`, origin);
      }
    }
    return { status: answer.statusCode, text: Buffer.concat(chunks).toString('utf8') };
  } catch (error) {
    signal.throwIfAborted();
    const failure = limit.aborted
      ? Object.assign(new Error('no answer in time'), { code: 'UND_ERR_HEADERS_TIMEOUT' })
      : error;
    throw fromNetworkFailure(failure, origin);
  }
}

/** The fields of a JSON object that are texts; empty for anything else. Never throws. */
export function jsonTexts(text: string): Readonly<Record<string, string>> {
  const value = parsed(text);
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** One object within a JSON object; an empty one for anything else. Never throws. */
export function jsonMember(text: string, name: string): Readonly<Record<string, unknown>> {
  const value = parsed(text)[name];
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** What a service said when it refused, fit for a log line: one line, bounded, without credentials. */
export function refusalText({ status, text }: ServiceResponse): string {
  const { Code, Message, RequestId } = jsonTexts(text);
  const said = [Code, RequestId && `request ${RequestId}`, Message && `"${Message}"`].filter(Boolean).join(', ');
  return redact(`HTTP ${status}${said === '' ? '' : `, ${said}`}`)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .slice(0, 300);
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
