import { AppError } from '../../base/errors.ts';
import type { RemoteObject, Validator } from '../../oss/objectReader.ts';
import type { StoredSource } from '../checkpoint/checkpointHeader.ts';

/** A Last-Modified date that is this much older than the answer is a strong validator (RFC 9110 8.8.2.2). */
const settledMs = 1000;

/** What an object is known by. */
export type ObjectFacts = Pick<RemoteObject, 'sizeBytes' | 'etag' | 'lastModified' | 'crc64' | 'versionId'>;

/**
 * The condition that keeps bytes of another version out of a download, by what the first answer said:
 * If-Match for OSS, which ignores If-Range; for other servers If-Range, which makes a change cost no second request:
 * with a strong ETag, else with Last-Modified where there is no ETag at all and the date is settled.
 * A weak ETag forbids If-Range, but leaves If-Unmodified-Since.
 * Undefined where nothing would show a change: then no two requests may be put together.
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
 * Whatever condition a server honours or ignores: an answer that describes another object is refused here.
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

/** Whether nothing that both sides name tells the two apart. */
export function isSameObject(expected: ObjectFacts, answered: ObjectFacts): boolean {
  return differingFact(expected, answered) === undefined;
}

function differingFact(expected: ObjectFacts, answered: ObjectFacts): keyof ObjectFacts | undefined {
  // Servers behind one name may differ in their dates; a strong ETag says all that is to be said.
  const byEtag = expected.etag !== undefined && isStrong(expected.etag) && answered.etag !== undefined;
  const facts = byEtag
    ? (['sizeBytes', 'etag', 'crc64'] as const)
    : (['sizeBytes', 'etag', 'crc64', 'lastModified', 'versionId'] as const);
  return facts.find(
    (fact) => expected[fact] !== undefined && answered[fact] !== undefined && expected[fact] !== answered[fact],
  );
}

/**
 * The answer to a conditional request must show the ETag that was asked for. (A date may be missing: a server that
 * leaves it out after If-Range has honoured If-Range, RFC 9110 15.3.7.)
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

/** A pasted URL may lead to OSS, too: these headers are OSS's own. */
function isFromOss({ crc64, versionId }: RemoteObject): boolean {
  return crc64 !== undefined || versionId !== undefined;
}

function isSettled(lastModified: string, date: string | undefined): boolean {
  return Date.parse(date ?? '') - Date.parse(lastModified) >= settledMs;
}
