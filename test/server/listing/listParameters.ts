import { invalidArgument } from '../http/ossError.ts';
import { queryValue } from '../http/requestTarget.ts';
import type { Query } from '../http/requestTarget.ts';
import { uriEncode } from '../signing/uriEncode.ts';
import type { ListPosition } from './listing.ts';
import { fromBinary, toBinary } from './keyOrder.ts';

/** What all listings have in common. */
export interface ListParameters {
  readonly prefix: string;
  readonly delimiter: string;
  readonly maxKeys: number;
  readonly urlEncoded: boolean;
  /** Text as `encoding-type` wants it. */
  readonly encode: (text: string) => string;
}

/** @throws OssError InvalidArgument: `max-keys` not 1 to 1000, `encoding-type` not `url` */
export function listParameters(query: Query): ListParameters {
  const encoding = queryValue(query, 'encoding-type');
  if (encoding !== undefined && encoding !== 'url') {
    throw invalidArgument('Invalid Encoding Method specified in Request.', 'encoding-type', encoding);
  }
  return {
    prefix: queryValue(query, 'prefix') ?? '',
    delimiter: queryValue(query, 'delimiter') ?? '',
    maxKeys: maxKeys(query),
    urlEncoded: encoding === 'url',
    encode: encoding === 'url' ? uriEncode : (text) => text,
  };
}

/** Default 100. */
export function maxKeys(query: Query): number {
  const sent = queryValue(query, 'max-keys') ?? '100';
  const value = /^\d+$/.test(sent) ? Number(sent) : 0;
  if (value < 1 || value > 1000) {
    throw invalidArgument('Argument max-keys must be an integer between 1 and 1000.', 'max-keys', sent);
  }
  return value;
}

/** An opaque token; only this server reads it. */
export function encodeToken({ key, isPrefix }: ListPosition): string {
  return Buffer.from(`${isPrefix ? 'p' : 'k'}${fromBinary(key)}`, 'utf8').toString('base64url');
}

/** @throws OssError InvalidArgument for a token that this server did not make */
export function decodeToken(token: string): ListPosition {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  const kind = text.slice(0, 1);
  const position = { key: toBinary(text.slice(1)), isPrefix: kind === 'p' };
  if ((kind !== 'p' && kind !== 'k') || encodeToken(position) !== token) {
    throw invalidArgument('The continuation token provided is incorrect.', 'continuation-token', token);
  }
  return position;
}
