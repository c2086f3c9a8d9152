import type { FaultAction, FaultRule } from '../../server/http/faults.ts';
import type { SoakObject } from './soakObject.ts';

const mebibyte = 1024 * 1024;

/** What can be found out whoever the server is. */
const anywhere: readonly ((random: () => number) => FaultAction)[] = [
  (random) => ({ kind: 'cut', afterBytes: somewhere(random), how: random() < 0.5 ? 'close' : 'reset' }),
  (random) => ({ kind: 'drop', how: random() < 0.5 ? 'close' : 'reset' }),
  (random) => ({ kind: 'stall', afterBytes: somewhere(random) }),
  (random) => ({ kind: 'delay', ms: random() * 1000 }),
  (random) => ({ kind: 'rate', bytesPerSecond: 20_000 + random() * 200_000 }),
  () => ({ kind: 'ignoreRange' }),
  (random) => ({ kind: 'otherRange', shiftBytes: Math.ceil(random() * 1000) }),
  () => ({ kind: 'noContentRange' }),
  (random) => ({ kind: 'error', status: pick(random, [500, 502, 503, 504]), code: 'InternalError' }),
  (random) => ({ kind: 'throttle', status: random() < 0.5 ? 503 : 429, delayMs: Math.floor(random() * 500) }),
];

/** What only shows where the server says a CRC-64 and always an ETag. */
const whereProven: readonly ((random: () => number) => FaultAction)[] = [
  (random) => ({ kind: 'wrongBytes', atByte: Math.floor(random() * mebibyte), count: 1 + Math.floor(random() * 10) }),
  (random) => ({
    kind: 'wrongLength',
    deltaBytes: Math.ceil((random() - 0.5) * 100),
    framing: random() < 0.5 ? 'length' : 'chunked',
  }),
  (random) => ({ kind: 'otherTotal', deltaBytes: Math.ceil((random() - 0.5) * 100) }),
  () => ({ kind: 'gzip' }),
  () => ({ kind: 'error', status: 403, code: 'AccessDenied', message: 'Request has expired.', ec: '0002-00000236' }),
];

/** Never both on one object: a page with an ETag would be an answer like any other. */
const pageOrEtag: readonly FaultAction[] = [{ kind: 'errorPage' }, { kind: 'otherEtag' }];

/** One fault of one object, for a request or a few. */
export function randomFault(object: SoakObject, random: () => number): FaultRule {
  const own = pageOrEtag[Number(object.key.at(-1)) % pageOrEtag.length] ?? { kind: 'errorPage' };
  const actions = object.hasCrc ? [...anywhere, ...whereProven, () => own] : anywhere;
  const action = pick(random, actions)(random);
  return {
    match: { method: 'GET', key: object.key, nth: 1 + Math.floor(random() * 3), times: 1 + Math.floor(random() * 3) },
    action,
  };
}

function somewhere(random: () => number): number {
  return pick(random, [0, 1, -1, Math.floor(random() * mebibyte)]);
}

export function pick<T>(random: () => number, choices: readonly T[]): T {
  const choice = choices[Math.floor(random() * choices.length)];
  if (choice === undefined) {
    throw new Error('nothing to choose from');
  }
  return choice;
}
