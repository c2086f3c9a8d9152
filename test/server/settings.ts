import { usualRestoreMs } from './objects/restore.ts';
import type { RestoreDurations } from './objects/restore.ts';
import { defaultUser } from './signing/users.ts';
import type { OssUser } from './signing/users.ts';

/** How a server behaves; every field may be changed while it runs, in process or by `POST /-/settings`. */
export interface ServerSettings {
  /** Region of the endpoint; a V4 signature must name it. */
  region: string;
  users: readonly OssUser[];
  /** Host name to bucket, for custom domains. */
  cnames: Readonly<Record<string, string>>;
  /** Further service domains, for private clouds: `<bucket>.<domain>`. */
  domains: readonly string[];
  /** `plain`: an ordinary file server: no OSS headers, no XML, no signatures; ranges as RFC 9110 has them. */
  dialect: 'oss' | 'plain';
  /** True: `If-Range` works as RFC 9110 13.1.5 has it. OSS ignores it. */
  honourIfRange: boolean;
  /** Bytes a second on each connection; 0: as fast as it goes. */
  bytesPerSecond: number;
  /** Wait before each answer. */
  latencyMs: number;
  /** Longest page of a listing, whatever `max-keys` says. */
  pageLimit: number;
  restoreMs: RestoreDurations;
  /** Added to the clock: signatures, expiry, tokens and restores go by it, and the Date header shows it. */
  clockOffsetMs: number;
}

export function defaultSettings(): ServerSettings {
  return {
    region: 'cn-hangzhou',
    users: [defaultUser],
    cnames: {},
    domains: [],
    dialect: 'oss',
    honourIfRange: false,
    bytesPerSecond: 0,
    latencyMs: 0,
    pageLimit: 1000,
    restoreMs: usualRestoreMs,
    clockOffsetMs: 0,
  };
}
