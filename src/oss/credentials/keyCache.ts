import { raceAbort } from '../../base/abort.ts';
import { SingleFlight } from '../../base/async.ts';
import type { Logger } from '../../base/logger.ts';
import type { Credentials } from '../profile.ts';

/** A key is renewed this long before it expires, or in the last quarter of a shorter life. */
const marginMs = 5 * 60_000;
/** A key without an expiry is renewed after this time. */
const unknownLifeMs = 10 * 60_000;
/** Pause before the next attempt to renew a key that is still valid. */
const pauseMs = 30_000;
/** Time limit of a fetch, retries included. */
const flightMs = 90_000;

interface CachedKey {
  readonly credentials: Credentials;
  readonly renewAtMs: number;
}

/** Caches temporary keys by source: concurrent callers share one fetch, and keys are renewed before they expire. */
export class KeyCache {
  private readonly logger: Logger;
  private readonly now: () => number;
  private readonly held = new Map<string, CachedKey>();
  private readonly renewals = new SingleFlight<Credentials>();
  private readonly closing = new AbortController();

  constructor(logger: Logger, now: () => number = Date.now) {
    this.logger = logger;
    this.now = now;
  }

  /**
   * Returns a valid key, fetching one if necessary.
   *
   * @param id identifies the source; secret
   * @param fetch requests a new key; its signal is independent of the callers' signals
   * @throws errors of `fetch`, unless the old key is still valid; `signal.reason` when aborted
   */
  async get(
    id: string,
    fetch: (signal: AbortSignal) => Promise<Credentials>,
    signal: AbortSignal,
  ): Promise<Credentials> {
    signal.throwIfAborted();
    const held = this.held.get(id);
    if (held !== undefined && this.now() < held.renewAtMs) {
      return held.credentials;
    }
    return raceAbort(
      this.renewals.run(() => this.renew(id, fetch), id),
      signal,
    );
  }

  /** Removes a refused key, whatever its source; a newer key stays. */
  forget({ accessKeyId, securityToken }: Credentials): void {
    for (const [id, { credentials }] of this.held) {
      if (credentials.accessKeyId === accessKeyId && credentials.securityToken === securityToken) {
        this.held.delete(id);
      }
    }
  }

  close(): void {
    this.closing.abort();
    this.held.clear();
  }

  private async renew(id: string, fetch: (signal: AbortSignal) => Promise<Credentials>): Promise<Credentials> {
    try {
      const credentials = await fetch(AbortSignal.any([this.closing.signal, AbortSignal.timeout(flightMs)]));
      const lifeMs = credentials.expiresAtMs === undefined ? unknownLifeMs : credentials.expiresAtMs - this.now();
      const keepMs = credentials.expiresAtMs === undefined ? lifeMs : Math.max(lifeMs * 0.75, lifeMs - marginMs);
      this.held.set(id, { credentials, renewAtMs: this.now() + keepMs });
      return credentials;
    } catch (error) {
      const old = this.held.get(id)?.credentials;
      if (old?.expiresAtMs === undefined || old.expiresAtMs <= this.now()) {
        throw error;
      }
      this.logger.log(
        'warn',
        `a temporary key could not be renewed, the old one stays in use: ` +
          (error instanceof Error ? error.message : String(error)),
      );
      this.held.set(id, { credentials: old, renewAtMs: Math.min(old.expiresAtMs, this.now() + pauseMs) });
      return old;
    }
  }
}
