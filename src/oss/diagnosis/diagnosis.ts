import type { ErrorRecord } from '../../base/errors.ts';
import type { ProxySetting } from '../http/proxyRoute.ts';

/** Result of one step of a request, in the order of the steps. Holds no secret. */
export type Finding =
  /** The source has a key; `keyId` is shortened, absent for an anonymous profile. */
  | { readonly check: 'key'; readonly keyId?: string; readonly isTemporary: boolean; readonly expiresAtMs?: number }
  /** Destination of requests, and the proxy on the way, without user and password. */
  | {
      readonly check: 'route';
      readonly origin: string;
      readonly proxy?: { readonly origin: string; readonly setting: ProxySetting };
    }
  | { readonly check: 'name'; readonly host: string; readonly addresses: readonly string[] }
  | { readonly check: 'connection'; readonly host: string; readonly port: number; readonly tookMs: number }
  | { readonly check: 'certificate'; readonly certificate: Certificate; readonly isChecked: boolean }
  /** A response arrived; `isOss` if it has headers that only OSS sends. `skewMs`: server clock minus local clock. */
  | { readonly check: 'answer'; readonly status: number; readonly isOss: boolean; readonly skewMs?: number }
  /** A signed request was accepted: for the list of buckets, for a bucket, or for a folder in it. */
  | { readonly check: 'permission'; readonly bucket?: string; readonly prefix?: string };

export type Check = Finding['check'];

/** The certificate that a server presented. */
export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  /** Milliseconds since the epoch. */
  readonly validToMs: number;
  /** OpenSSL's code for why it is not trusted; absent if it is. */
  readonly problem?: string;
}

/** Findings of all steps, or of those before the first failure. */
export interface Diagnosis {
  readonly findings: readonly Finding[];
  readonly failure?: { readonly check: Check; readonly error: ErrorRecord };
}
