import type { BackoffOptions } from '../base/backoff.ts';
import type { ErrorRecord } from '../base/errors.ts';

/** A network that went away is looked for again after 2 s, 4 s, … 30 s; about ten minutes in all. */
export const networkBackoff: BackoffOptions = { firstMs: 2000, maxMs: 30_000 };
export const maxNetworkWaits = 22;

/** The way there broke, and may be mended: another network, a machine that woke up. */
export function isNetworkGone({ code, retryable }: Pick<ErrorRecord, 'code' | 'retryable'>): boolean {
  return retryable && code.startsWith('network/');
}
