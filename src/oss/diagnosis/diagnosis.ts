import type { ErrorRecord } from '../../base/errors.ts';
import type { ProxySetting } from '../http/proxyRoute.ts';

/** One thing that was found out on the way to OSS, in the order of that way. Holds no secret. */
export type Finding =
  /** The source gave a key; `keyId` with its middle left out, absent for an anonymous profile. */
  | { readonly check: 'key'; readonly keyId?: string; readonly isTemporary: boolean; readonly expiresAtMs?: number }
  /** Where requests go, and through which proxy: without the user and password of its URL. */
  | {
      readonly check: 'route';
      readonly origin: string;
      readonly proxy?: { readonly origin: string; readonly setting: ProxySetting };
    }
  | { readonly check: 'name'; readonly host: string; readonly addresses: readonly string[] }
  | { readonly check: 'connection'; readonly host: string; readonly port: number; readonly tookMs: number }
  | { readonly check: 'certificate'; readonly certificate: Certificate; readonly isChecked: boolean }
  /** An answer came; `isOss` where it has what only OSS sends. `skewMs`: the server's clock minus this one's. */
  | { readonly check: 'answer'; readonly status: number; readonly isOss: boolean; readonly skewMs?: number }
  /** A signed request was accepted: for the buckets, for one of them, or for a folder of it. */
  | { readonly check: 'permission'; readonly bucket?: string; readonly prefix?: string };

export type Check = Finding['check'];

/** Whose certificate a server showed. */
export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  /** Milliseconds since the epoch. */
  readonly validToMs: number;
  /** OpenSSL's code for why it is not trusted; absent where it is. */
  readonly problem?: string;
}

/** What was found until everything was well, or until the first thing that was not. */
export interface Diagnosis {
  readonly findings: readonly Finding[];
  readonly failure?: { readonly check: Check; readonly error: ErrorRecord };
}
