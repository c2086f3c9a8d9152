/** Request headers by lower-case name. */
export type Headers = Readonly<Record<string, string>>;

export type ConditionResult =
  | { readonly kind: 'proceed' }
  /** 304 */
  | { readonly kind: 'notModified' }
  /** 412; names the header */
  | { readonly kind: 'failed'; readonly condition: string };

/** What conditions are compared with. */
export interface Validators {
  /** Quotes included. */
  readonly etag: string;
  readonly lastModifiedMs: number;
}

/** If-Match, If-Unmodified-Since, If-None-Match, If-Modified-Since, in this order; a malformed date is no condition. */
export function checkConditions(headers: Headers, validators: Validators): ConditionResult {
  const seconds = Math.floor(validators.lastModifiedMs / 1000);
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined && !matches(ifMatch, validators.etag)) {
    return { kind: 'failed', condition: 'If-Match' };
  }
  const unmodifiedSince = dateSeconds(headers['if-unmodified-since']);
  if (unmodifiedSince !== undefined && unmodifiedSince < seconds) {
    return { kind: 'failed', condition: 'If-Unmodified-Since' };
  }
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) {
    return matches(ifNoneMatch, validators.etag) ? { kind: 'notModified' } : { kind: 'proceed' };
  }
  const modifiedSince = dateSeconds(headers['if-modified-since']);
  return modifiedSince !== undefined && seconds <= modifiedSince ? { kind: 'notModified' } : { kind: 'proceed' };
}

/**
 * Whether a Range still applies under `If-Range`: only with exactly the same strong ETag or date.
 * For servers that honour it; OSS does not look at it.
 * @see RFC 9110 section 13.1.5
 */
export function ifRangeHolds(ifRange: string, validators: Validators): boolean {
  if (ifRange.startsWith('"') || ifRange.startsWith('W/')) {
    return ifRange === validators.etag && !ifRange.startsWith('W/');
  }
  return dateSeconds(ifRange) === Math.floor(validators.lastModifiedMs / 1000);
}

/** ETags in a list, with or without quotes: OSS's own examples leave them out. */
function matches(list: string, etag: string): boolean {
  return list
    .split(',')
    .map((item) => item.trim())
    .some((item) => item === '*' || item === etag || `"${item}"` === etag);
}

function dateSeconds(date: string | undefined): number | undefined {
  const ms =
    date === undefined || !/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(date)
      ? Number.NaN
      : Date.parse(date);
  return Number.isNaN(ms) ? undefined : Math.floor(ms / 1000);
}
