import { raceAbort } from '../../base/abort.ts';
import type { Logger } from '../../base/logger.ts';
import type { Credentials } from '../profile.ts';

/** So long before its end a key is replaced, or a quarter of its life where that is less. */
const marginMs = 5 * 60_000;
/** A key that does not say when it ends is asked for again after this long. */
const unknownLifeMs = 10 * 60_000;
/** After a failure to renew a key that is still good. */
const pauseMs = 30_000;
/** Whoever hands out keys has this long for all that it takes. */
const flightMs = 90_000;

interface CachedKey {
  readonly credentials: Credentials;
  readonly renewAtMs: number;
}

/** Temporary keys by where they come from: fetched once for all who wait, renewed before they end. */
export class KeyCache {
  private readonly logger: Logger;
  private readonly now: () => number;
  private readonly held = new Map<string, CachedKey>();
  private readonly flights = new Map<string, Promise<Credentials>>();
  private readonly closing = new AbortController();

  constructor(logger: Logger, now: () => number = Date.now) {
    this.logger = logger;
    this.now = now;
  }

  /**
   * @param id tells keys of different sources apart; secret
   * @param fetch gets a new key; its signal outlives any one of those who wait
   * @throws what `fetch` throws, unless there is a key that is still good; `signal.reason` when aborted
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
    return raceAbort(this.flight(id, fetch), signal);
  }

  /** Forgets a key that was refused, wherever it came from; a newer one stays. */
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

  private flight(id: string, fetch: (signal: AbortSignal) => Promise<Credentials>): Promise<Credentials> {
    const running = this.flights.get(id);
    if (running !== undefined) {
      return running;
    }
    const started = this.renew(id, fetch).finally(() => this.flights.delete(id));
    this.flights.set(id, started);
    return started;
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
        `a temporary key could not be renewed, the old one is used ` +
          `on: ${error instanceof Error ? error.message : String(error)}`,
      );
      this.held.set(id, { credentials: old, renewAtMs: Math.min(old.expiresAtMs, this.now() + pauseMs) });
      return old;
    }
  }
}
