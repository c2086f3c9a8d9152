import type { ErrorCode } from '../../src/base/errors.ts';
import type { FaultAction } from '../server/http/faults.ts';

/** What must come of a download that meets a fault. */
export type Expected =
  /** Ends in the right file by itself. */
  | 'recovers'
  /** Fails with this code, keeps what it has, and ends in the right file when it is resumed without the fault. */
  | { readonly fails: ErrorCode };

export interface FaultCase {
  readonly what: string;
  readonly action: FaultAction;
  /** How many requests it meets; default one. */
  readonly times?: number;
  readonly expected: Expected;
}

const bodyBytes = 256 * 1024;

const once = (what: string, action: FaultAction): FaultCase => ({ what, action, expected: 'recovers' });
const always = (what: string, action: FaultAction, code: ErrorCode): FaultCase => ({
  what,
  action,
  times: Infinity,
  expected: { fails: code },
});
const status = (code: string, httpStatus: number, ec?: string): FaultAction => ({
  kind: 'error',
  status: httpStatus,
  code,
  ...(ec === undefined ? {} : { ec }),
});

/** engine.md's groups Cut, Lies and Status, each to be met at every moment of a download. */
export const faultCases: readonly FaultCase[] = [
  // Cut
  ...[0, 1, bodyBytes / 2, -1].flatMap((afterBytes) =>
    (['close', 'reset'] as const).map((how) =>
      once(`a connection ended (${how}) at byte ${afterBytes}`, { kind: 'cut', afterBytes, how }),
    ),
  ),
  once('a connection closed before any answer', { kind: 'drop', how: 'close' }),
  once('a connection reset before any answer', { kind: 'drop', how: 'reset' }),
  once('a half-open connection', { kind: 'stall', afterBytes: 1000 }),
  once('a half-open connection before any byte', { kind: 'stall', afterBytes: 0 }),
  once('a server that restarts', { kind: 'restart', afterBytes: 1000, downMs: 30 }),
  always('50 bytes and a cut, for ever', { kind: 'cut', afterBytes: 50 }, 'network/interrupted'),
  always('silence, for ever', { kind: 'stall', afterBytes: 10 }, 'network/stalled'),
  // Lies
  once('200 and everything to a range', { kind: 'ignoreRange' }),
  once('206 with a later range', { kind: 'otherRange', shiftBytes: 1 }),
  once('206 with an earlier range', { kind: 'otherRange', shiftBytes: -1 }),
  once('206 without Content-Range', { kind: 'noContentRange' }),
  ...([-1, 1] as const).flatMap((deltaBytes) =>
    (['length', 'chunked'] as const).map((framing) =>
      once(`a body of ${deltaBytes} byte (${framing})`, { kind: 'wrongLength', deltaBytes, framing }),
    ),
  ),
  once('wrong bytes of the right number', { kind: 'wrongBytes', atByte: 1234, count: 3 }),
  once('compression that nobody asked for', { kind: 'gzip' }),
  once('a page of HTML with status 200', { kind: 'errorPage' }),
  // Status
  once('an expired signature', status('AccessDenied', 403, '0002-00000236')),
  once('an expired token', status('SecurityTokenExpired', 403, '0002-00000007')),
  once('a skewed clock', status('RequestTimeTooSkewed', 403, '0002-00000504')),
  once('500', status('InternalError', 500)),
  { what: '503 in a burst', action: status('ServiceUnavailable', 503), times: 3, expected: 'recovers' },
  once('503 with a delay', { kind: 'throttle', delayMs: 200 }),
  once('429 with a delay', { kind: 'throttle', status: 429, delayMs: 200 }),
  always('503, for ever', status('ServiceUnavailable', 503), 'server/throttled'),
  always('an expired signature, however often signed', status('AccessDenied', 403, '0002-00000236'), 'auth/urlExpired'),
  always('access denied', status('AccessDenied', 403), 'auth/accessDenied'),
  always(
    'a wrong endpoint',
    { kind: 'error', status: 403, code: 'AccessDenied', ec: '0003-00001403', endpoint: 'oss-cn-beijing.aliyuncs.com' },
    'endpoint/wrongEndpoint',
  ),
  always('an archived object', status('InvalidObjectState', 403), 'object/archived'),
  always('no such object', status('NoSuchKey', 404, '0026-00000001'), 'object/notFound'),
  always('no such bucket', status('NoSuchBucket', 404, '0015-00000101'), 'bucket/notFound'),
];
