import { AppError } from '../../base/errors.ts';
import { headerNumber, headerValue } from '../headers.ts';
import type { ResponseHeaders } from '../headers.ts';
import type { ReadRequest, ReadResponse, RemoteObject } from '../objectReader.ts';

/**
 * A checked response. `lengthBytes`: exact length of the body; absent if the server did not send it.
 */
export interface AcceptedResponse {
  readonly response: ReadResponse;
  readonly lengthBytes?: number;
}

/**
 * Checks the headers of a successful response (200 or 206) against the request. Pure.
 * @param subject the URL without its query
 * @throws AppError `range/notHonoured` (another range than requested), `object/changed` (another version),
 *   `server/unexpectedAnswer` (encoded, or without proof of the version); all but `object/changed` are retryable
 * @see RFC 9110 sections 14.4 (Content-Range), 15.3.7 (206), 8.4 (Content-Encoding)
 */
export function checkResponse(
  request: ReadRequest,
  status: number,
  headers: ResponseHeaders,
  subject: string,
): AcceptedResponse {
  const object = remoteObjectOf(headers);
  const accepted = status === 206 ? partialResponse(request, headers, object, subject) : wholeResponse(headers, object);
  checkEncoding(headers, accepted.response.object, subject);
  checkVersion(request, status, accepted.response.object, subject);
  return accepted;
}

function partialResponse(
  request: ReadRequest,
  headers: ResponseHeaders,
  object: RemoteObject,
  subject: string,
): AcceptedResponse {
  const { range } = request;
  const stated = headerValue(headers, 'content-range');
  const [, first, last, total] = /^bytes (\d{1,16})-(\d{1,16})\/(\d{1,16}|\*)$/.exec(stated ?? '') ?? [];
  const sizeBytes = total === undefined || total === '*' ? undefined : Number(total);
  const asked = range === undefined ? 'everything' : `bytes ${range.start}-${range.end - 1}`;
  // A range that exceeds the object is answered with the part that exists (RFC 9110 section 14.1.2).
  const end = Math.min(range?.end ?? 0, sizeBytes ?? Number.POSITIVE_INFINITY);
  if (range === undefined || Number(first) !== range.start || Number(last) !== end - 1 || end <= range.start) {
    throw notHonoured(
      `asked for ${asked}, ` +
        `got ${stated === undefined ? 'a 206 without Content-Range' : JSON.stringify(stated.slice(0, 100))}`,
      subject,
    );
  }
  const lengthBytes = end - range.start;
  const sent = headerNumber(headers, 'content-length');
  if (sent !== undefined && sent > lengthBytes) {
    throw notHonoured(`asked for ${asked}, the body has ${sent} bytes`, subject);
  }
  return {
    response: { kind: 'range', object: sizeBytes === undefined ? object : { ...object, sizeBytes } },
    lengthBytes,
  };
}

function wholeResponse(headers: ResponseHeaders, object: RemoteObject): AcceptedResponse {
  const lengthBytes = headerNumber(headers, 'content-length');
  return lengthBytes === undefined
    ? { response: { kind: 'whole', object } }
    : { response: { kind: 'whole', object: { ...object, sizeBytes: lengthBytes } }, lengthBytes };
}

/**
 * Accepts an object that is stored encoded, and rejects one that was encoded for transfer: OSS and other servers drop
 * or weaken the ETag and drop the length of such a response.
 */
function checkEncoding(headers: ResponseHeaders, object: RemoteObject, subject: string): void {
  const transfer = headerValue(headers, 'transfer-encoding')?.trim().toLowerCase() ?? 'chunked';
  if (transfer !== 'chunked') {
    // Only the chunks are undone: what was compressed for the way would be stored as the object (RFC 9112 section 6.1).
    throw unexpected(`the response has the transfer coding ${transfer.slice(0, 40)}`, subject);
  }
  const encoding = headerValue(headers, 'content-encoding')?.trim().toLowerCase() ?? 'identity';
  const isStoredSo = object.etag?.startsWith('"') === true && object.sizeBytes !== undefined;
  if (encoding !== 'identity' && encoding !== '' && !isStoredSo) {
    throw unexpected(`the answer is encoded (${encoding.slice(0, 40)}) although "identity" was asked for`, subject);
  }
}

function checkVersion({ validator, range }: ReadRequest, status: number, object: RemoteObject, subject: string): void {
  switch (validator?.kind) {
    case undefined:
      return;
    case 'ifMatch':
      if (object.etag === undefined) {
        throw unexpected('the answer has no ETag, so nothing proves that it is the same version', subject);
      }
      if (object.etag !== validator.etag) {
        throw changed(`the ETag is ${object.etag}, not ${validator.etag}`, subject);
      }
      return;
    case 'ifRange':
      // A 200 to a ranged request is how If-Range says "changed": the new object is delivered.
      if (status === 206 && range !== undefined) {
        checkIfRange(validator.value, object, subject);
      }
      return;
    case 'ifUnmodifiedSince':
      if (Date.parse(object.lastModified ?? '') > Date.parse(validator.date)) {
        throw changed(`it was modified at ${object.lastModified ?? ''}, after ${validator.date}`, subject);
      }
  }
}

function checkIfRange(value: string, object: RemoteObject, subject: string): void {
  const found = value.startsWith('"') ? object.etag : object.lastModified;
  if (found !== undefined && found !== value) {
    throw changed(`the validator is ${found}, not ${value}`, subject);
  }
}

function remoteObjectOf(headers: ResponseHeaders): RemoteObject {
  // Through a symbolic link OSS sends the target's bytes, length and ETag beside the link's other headers.
  const isLink = headerValue(headers, 'x-oss-object-type') === 'Symlink';
  const fields = {
    etag: headerValue(headers, 'etag'),
    lastModified: headerValue(headers, 'last-modified'),
    crc64: isLink ? undefined : headerValue(headers, 'x-oss-hash-crc64ecma'),
    versionId: headerValue(headers, 'x-oss-version-id'),
    date: headerValue(headers, 'date'),
  };
  return Object.fromEntries(Object.entries(fields).filter((entry) => entry[1] !== undefined));
}

function notHonoured(what: string, subject: string): AppError {
  return new AppError('range/notHonoured', `the server did not keep to the range (${what}): ${subject}`, {
    retryable: true,
    details: { subject },
  });
}

function unexpected(what: string, subject: string): AppError {
  return new AppError('server/unexpectedAnswer', `${what}: ${subject}`, { retryable: true, details: { subject } });
}

function changed(what: string, subject: string): AppError {
  return new AppError('object/changed', `the object has changed (${what}): ${subject}`, { details: { subject } });
}
