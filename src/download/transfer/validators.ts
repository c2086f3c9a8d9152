import { AppError } from '../../base/errors.ts';
import type { RemoteObject, Validator } from '../../oss/objectReader.ts';
import type { StoredSource } from '../checkpoint/checkpointHeader.ts';

/** A Last-Modified date that is at least this much older than the response is a strong validator (RFC 9110 8.8.2.2). */
const settledMs = 1000;

/** Facts that identify a version of an object. */
export type ObjectFacts = Pick<RemoteObject, 'sizeBytes' | 'etag' | 'lastModified' | 'crc64' | 'versionId'>;

/**
 * Chooses the condition that keeps bytes of another version out of a download, from the first response: If-Match for
 * OSS, which ignores If-Range; for other servers If-Range, which saves a second request after a change: with a strong
 * ETag, or, without any ETag, with a Last-Modified date that is a strong validator. A weak ETag forbids If-Range, but
 * allows If-Unmodified-Since.
 * @returns undefined if nothing would show a change: then ranges of two requests must not be combined
 * @see RFC 9110 sections 13.1.1, 13.1.4, 13.1.5, 8.8.2.2
 */
export function learnValidator(source: StoredSource['kind'], answered: RemoteObject): Validator | undefined {
  const { etag, lastModified } = answered;
  if (etag !== undefined && isStrong(etag)) {
    return source === 'oss' || isFromOss(answered) ? { kind: 'ifMatch', etag } : { kind: 'ifRange', value: etag };
  }
  if (lastModified === undefined || !isSettled(lastModified, answered.date)) {
    return undefined;
  }
  return etag === undefined
    ? { kind: 'ifRange', value: lastModified }
    : { kind: 'ifUnmodifiedSince', date: lastModified };
}

/**
 * Rejects a response that describes another version, whether or not the server honoured the condition.
 * @throws AppError `object/changed`
 */
export function requireSameObject(expected: ObjectFacts, answered: ObjectFacts): void {
  const fact = differingFact(expected, answered);
  if (fact !== undefined) {
    throw new AppError(
      'object/changed',
      `the object is another one than before: ${fact} was ${expected[fact]} and is ${answered[fact]}`,
    );
  }
}

/** Whether all facts that both sides have are equal. */
export function isSameObject(expected: ObjectFacts, answered: ObjectFacts): boolean {
  return differingFact(expected, answered) === undefined;
}

function differingFact(expected: ObjectFacts, answered: ObjectFacts): keyof ObjectFacts | undefined {
  // Servers behind one name may send different dates; a strong ETag is sufficient.
  const byEtag = expected.etag !== undefined && isStrong(expected.etag) && answered.etag !== undefined;
  const facts = byEtag
    ? (['sizeBytes', 'etag', 'crc64'] as const)
    : (['sizeBytes', 'etag', 'crc64', 'lastModified', 'versionId'] as const);
  return facts.find(
    (fact) => expected[fact] !== undefined && answered[fact] !== undefined && expected[fact] !== answered[fact],
  );
}

/**
 * Requires the response to a conditional request to have an ETag, if the condition had one. (A date may be missing: a
 * server may leave it out of a 206 to If-Range, RFC 9110 15.3.7.)
 * @throws AppError `server/unexpectedAnswer`, retryable
 */
export function requireProof(validator: Validator | undefined, answered: ObjectFacts): void {
  const asksForEtag = validator?.kind === 'ifMatch' || (validator?.kind === 'ifRange' && isStrong(validator.value));
  if (asksForEtag && answered.etag === undefined) {
    throw new AppError(
      'server/unexpectedAnswer',
      'the answer has no ETag, so nothing proves that it is the same version',
      { retryable: true },
    );
  }
}

function isStrong(etag: string): boolean {
  return etag.startsWith('"');
}

/** Whether a response comes from OSS, which a pasted URL may lead to: only OSS sends these headers. */
function isFromOss({ crc64, versionId }: RemoteObject): boolean {
  return crc64 !== undefined || versionId !== undefined;
}

function isSettled(lastModified: string, date: string | undefined): boolean {
  return Date.parse(date ?? '') - Date.parse(lastModified) >= settledMs;
}
