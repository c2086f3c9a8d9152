/** One request as the server saw it; status and bytes fill in while it is answered. */
export interface LoggedRequest {
  readonly requestId: string;
  readonly atMs: number;
  /** Numbers the connections from 1, to see what was kept alive and what ran side by side. */
  readonly connection: number;
  readonly method: string;
  /** Raw request target, query included. */
  readonly target: string;
  readonly host: string;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  /** The Range header. */
  readonly range: string | undefined;
  /** All request headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Kinds of the fault actions in effect. */
  readonly faults: readonly string[];
  /** 0 until it is answered. */
  status: number;
  /** Bytes of the body that the kernel took. */
  bodyBytes: number;
  outcome: 'open' | 'complete' | 'cut' | 'clientLeft';
}

/** Everything that was asked, oldest first. Bounded, so that a server can run for days. */
export class RequestLog {
  readonly #entries: LoggedRequest[] = [];
  readonly #limit = 100_000;

  get entries(): readonly LoggedRequest[] {
    return this.#entries;
  }

  /** Requests for one object, in order. */
  of(bucket: string, key: string, method?: string): readonly LoggedRequest[] {
    return this.#entries.filter(
      (entry) => entry.bucket === bucket && entry.key === key && (method === undefined || entry.method === method),
    );
  }

  add(entry: LoggedRequest): void {
    if (this.#entries.length >= this.#limit) {
      this.#entries.shift();
    }
    this.#entries.push(entry);
  }

  clear(): void {
    this.#entries.length = 0;
  }
}
