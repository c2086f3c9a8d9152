import type { ErrorCode } from '../../base/errors.ts';

/** Behaviour of the interface that depends on the error code, beside sentence and remedies. */
export type ErrorTrait =
  /** The sentence names the object that was asked for, and may name it as the user knows it instead of by its URL. */
  | 'namesObject'
  /** The bucket or object is not there. */
  | 'notFound'
  /** There is no profile of this name any more. */
  | 'unknownProfile'
  /** The key is accepted, but lacks the right: something else may still be allowed. */
  | 'forbidden'
  /** What is on disk belongs to an earlier version of the object: going on makes no sense. */
  | 'outdated'
  /** A file of the chosen name is already there. */
  | 'fileExists'
  /** A source of credentials gave none: a row of a list has a shorter sentence for it. */
  | 'fromSource'
  /** A defect of ours: the log needs the stack. */
  | 'defect';

/** Complete: a new code without a decision does not compile. */
const traits: Readonly<Record<ErrorCode, readonly ErrorTrait[]>> = {
  'auth/missingCredentials': [],
  'auth/sourceFailed': ['fromSource'],
  'auth/unknownKey': [],
  'auth/wrongSecret': [],
  'auth/tokenExpired': [],
  'auth/accessDenied': ['namesObject', 'forbidden'],
  'auth/clockSkewed': [],
  'auth/urlExpired': ['namesObject'],
  'bucket/notFound': ['namesObject', 'notFound'],
  'object/notFound': ['namesObject', 'notFound'],
  'object/changed': ['namesObject', 'outdated'],
  'object/archived': ['namesObject'],
  'object/corrupt': ['namesObject'],
  'object/tooLarge': ['namesObject'],
  'endpoint/wrongRegion': ['namesObject'],
  'endpoint/wrongEndpoint': ['namesObject'],
  'network/nameNotResolved': [],
  'network/unreachable': [],
  'network/certificate': [],
  'network/interrupted': [],
  'network/stalled': [],
  'server/throttled': [],
  'server/failed': [],
  'server/refused': ['namesObject'],
  'server/unexpectedAnswer': ['namesObject'],
  'range/notHonoured': ['namesObject'],
  'disk/full': [],
  'disk/denied': [],
  'disk/missing': [],
  'disk/targetExists': ['fileExists'],
  'disk/failed': [],
  'checkpoint/unreadable': [],
  'checkpoint/newerVersion': [],
  'download/ownedElsewhere': [],
  'download/notFound': [],
  'input/invalidPath': [],
  'input/invalidUrl': [],
  'input/invalidEndpoint': [],
  'input/invalidProfile': [],
  'input/unknownProfile': ['unknownProfile'],
  'input/invalidName': [],
  'input/invalidSpeed': [],
  internal: ['defect'],
};

/** The one way in which the interface asks for a code: `npm run check` finds codes that are compared as text. */
export function hasTrait(code: ErrorCode, trait: ErrorTrait): boolean {
  return traits[code].includes(trait);
}
