export type RangeResult =
  /** 200 and everything, without Content-Range. */
  | { readonly kind: 'whole' }
  /** 206; half-open, in bytes. */
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  /** 416 */
  | { readonly kind: 'unsatisfiable' };

/**
 * What a Range header gets. OSS ignores one that does not lie entirely inside the object, and answers 200 with
 * everything; only `x-oss-range-behavior: standard` makes it clip the end and answer 416, as RFC 9110 section 14.2 has
 * it. Of several ranges the first counts (one OSS page says so, another 416: clients must not send them).
 */
export function parseRange(header: string | undefined, sizeBytes: number, standard: boolean): RangeResult {
  const match = /^bytes=(\d*)-(\d*)(?:,.*)?$/.exec(header ?? '');
  if (match === null) {
    return { kind: 'whole' };
  }
  const [, first = '', last = ''] = match;
  if (first === '') {
    return last === '' ? { kind: 'whole' } : suffix(Number(last), sizeBytes, standard);
  }
  const start = Number(first);
  const end = last === '' ? sizeBytes : Number(last) + 1;
  if (last !== '' && end <= start) {
    return { kind: 'whole' };
  }
  if (start >= sizeBytes) {
    return standard ? { kind: 'unsatisfiable' } : { kind: 'whole' };
  }
  if (end > sizeBytes && !standard) {
    return { kind: 'whole' };
  }
  return { kind: 'part', start, end: Math.min(end, sizeBytes) };
}

function suffix(length: number, sizeBytes: number, standard: boolean): RangeResult {
  if (standard && (length === 0 || sizeBytes === 0)) {
    return { kind: 'unsatisfiable' };
  }
  if (!standard && (length === 0 || length > sizeBytes)) {
    return { kind: 'whole' };
  }
  return { kind: 'part', start: Math.max(0, sizeBytes - length), end: sizeBytes };
}
