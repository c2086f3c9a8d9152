import type { ErrorCode } from '../../base/errors.ts';

/** Behaviour of the interface that depends on the error code, beside sentence and remedies. */
export type ErrorTrait =
  /** The sentence names the requested object; its display name may replace the URL. */
  | 'namesObject'
  /** The bucket or object does not exist. */
  | 'notFound'
  /** No profile has this name. */
  | 'unknownProfile'
  /** The key is valid but lacks the permission; other actions may still be allowed. */
  | 'forbidden'
  /** The partial file belongs to an earlier version of the object and cannot be resumed. */
  | 'outdated'
  /** A file with the chosen name already exists. */
  | 'fileExists'
  /** A credentials source failed: rows of a list have a shorter sentence for it. */
  | 'fromSource'
  /** A defect of this extension: the log needs the stack. */
  | 'defect';

/** Traits a code. A new code without an entry does not compile. */
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

/** The only way to branch on a code in the interface: `npm run check` finds codes that are compared as text. */
export function hasTrait(code: ErrorCode, trait: ErrorTrait): boolean {
  return traits[code].includes(trait);
}
