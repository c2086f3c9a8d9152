import type { ErrorCode } from '../base/errors.ts';

/** Codes by EC, such as "0002-00000226": one OSS code can have several meanings. */
export const codeByEc = {
  '0002-00000226': 'endpoint/wrongRegion',
  '0002-00000236': 'auth/urlExpired',
  '0003-00001403': 'endpoint/wrongEndpoint',
} as const satisfies Readonly<Record<string, ErrorCode>>;

/** A bucket whose requester pays refuses as if a right were missing; no right helps there. */
export const requesterPaysEc = '0003-00000703';
