import { defined } from '../../base/defined.ts';
import type { Dispatcher } from 'undici';
import { raceAbort } from '../../base/abort.ts';
import { redact } from '../../base/redact.ts';
import { fromNetworkFailure } from '../networkErrors.ts';
import { sourceFailure } from './credentialSpec.ts';

/** Larger responses are rejected; those with keys have less than two kilobytes. */
const maxBodyBytes = 64 * 1024;

export interface ServiceRequest {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly origin: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /**
   * Time limit, in milliseconds, for the headers and for each pause within the body; the whole request has twice that.
   */
  readonly timeoutMs: number;
}

export interface ServiceResponse {
  readonly status: number;
  /** Body. Secret: on success it holds a key. */
  readonly text: string;
}

/**
 * Sends a request to a service that issues keys. Redirects are not followed: the request may hold credentials for this
 * host only.
 *
 * @throws AppError `network/*`, `server/unexpectedAnswer` for a response that is not HTTP, `auth/sourceFailed`
 * (`malformed`) for a body that is too long
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

/** Reads the string fields of a JSON object; empty for any other text. Never throws. */
export function jsonTexts(text: string): Readonly<Record<string, string>> {
  const value = parsed(text);
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Reads an object field of a JSON object; empty for any other text. Never throws. */
export function jsonMember(text: string, name: string): Readonly<Record<string, unknown>> {
  const value = parsed(text)[name];
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** Formats a refusal of a service for a log line: one line, bounded, without credentials. */
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
