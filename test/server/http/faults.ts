import type { ObjectChange } from '../objects/objectChange.ts';

/**
 * What goes wrong with a request. A number of bytes counts the body of that response;
 * a negative one counts from its end (-1: all but the last byte).
 */
export type FaultAction =
  // Cut
  /** The connection ends after so many bytes of the body: in order (FIN) or with RST. */
  | { readonly kind: 'cut'; readonly afterBytes: number; readonly how?: 'close' | 'reset' }
  /** The connection ends before any answer. */
  | { readonly kind: 'drop'; readonly how?: 'close' | 'reset' }
  /** Half open: after so many bytes nothing comes any more, and the connection stays. */
  | { readonly kind: 'stall'; readonly afterBytes: number }
  /** The server goes away after so many bytes, with all its connections, and comes back. */
  | { readonly kind: 'restart'; readonly afterBytes: number; readonly downMs: number }
  // Slow
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'rate'; readonly bytesPerSecond: number }
  // Lies
  /** 200 with everything to a Range. */
  | { readonly kind: 'ignoreRange' }
  /** 206 with a range that begins so many bytes later (or earlier), honestly named in Content-Range. */
  | { readonly kind: 'otherRange'; readonly shiftBytes: number }
  /** 206 whose Content-Range names another size of the object. */
  | { readonly kind: 'otherTotal'; readonly deltaBytes: number }
  | { readonly kind: 'otherEtag'; readonly etag?: string }
  | { readonly kind: 'noContentRange' }
  /**
   * So many bytes more or fewer than the range has; `length`: Content-Length agrees with the body, `chunked`: there is
   * none.
   */
  | { readonly kind: 'wrongLength'; readonly deltaBytes: number; readonly framing?: 'length' | 'chunked' }
  /** The right number of bytes, but those from `atByte` on are flipped. */
  | { readonly kind: 'wrongBytes'; readonly atByte: number; readonly count?: number }
  /** Compressed although nobody asked, without ETag and Content-Length, as OSS compresses. */
  | { readonly kind: 'gzip' }
  /** 200 with a page of HTML, as portals and filters answer. */
  | { readonly kind: 'errorPage' }
  /** Response headers set or, with null, left out. */
  | { readonly kind: 'headers'; readonly headers: Readonly<Record<string, string | null>> }
  // Change
  /** The object is changed just before the request is answered. */
  | { readonly kind: 'change'; readonly change: ObjectChange }
  // Status
  | {
      readonly kind: 'error';
      readonly status: number;
      readonly code: string;
      readonly message?: string;
      readonly ec?: string;
      readonly endpoint?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** 503 or 429 with `x-oss-qos-delay-time`. */
  | { readonly kind: 'throttle'; readonly status?: 503 | 429; readonly code?: ThrottleCode; readonly delayMs?: number }
  /** `location` may be a URL or a path; `{query}` in it stands for the request's own query. */
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: 301 | 302 | 303 | 307 | 308 };

export type ThrottleCode =
  | 'DownloadTrafficRateLimitExceeded'
  | 'TotalQpsLimitExceeded'
  | 'ActiveRequestLimitExceeded'
  | 'ServiceUnavailable'
  | 'QpsLimitExceeded';

/** Which requests a rule is about; what is absent matches all. */
export interface FaultMatch {
  readonly method?: string;
  readonly bucket?: string;
  readonly key?: string;
  /** First byte that the Range header asks for; `none`: requests without a Range. */
  readonly rangeStart?: number | 'none';
  /** From the n-th such request on, counted from 1. Default 1. */
  readonly nth?: number;
  /** For so many requests. Default: for ever. */
  readonly times?: number;
}

export interface FaultRule {
  readonly match?: FaultMatch;
  readonly action: FaultAction;
}

/** The compiler keeps it complete. */
const actionKinds: Readonly<Record<FaultAction['kind'], true>> = {
  cut: true,
  drop: true,
  stall: true,
  restart: true,
  delay: true,
  rate: true,
  ignoreRange: true,
  otherRange: true,
  otherTotal: true,
  otherEtag: true,
  noContentRange: true,
  wrongLength: true,
  wrongBytes: true,
  gzip: true,
  errorPage: true,
  headers: true,
  change: true,
  error: true,
  throttle: true,
  redirect: true,
};

/** The part of a request that rules look at. */
export interface FaultSubject {
  readonly method: string;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly rangeHeader: string | undefined;
}

/** The script: every rule that matches a request acts on it, in the order in which they were added. */
export class FaultScript {
  #rules: { readonly rule: FaultRule; seen: number }[] = [];

  /** @throws Error naming an action that there is not */
  add(...rules: readonly FaultRule[]): void {
    for (const { action } of rules) {
      // a rule that came as JSON may say anything
      if (!(action.kind in actionKinds)) {
        throw new Error(`no fault ${action.kind}; there are: ${Object.keys(actionKinds).join(', ')}`);
      }
    }
    this.#rules.push(...rules.map((rule) => ({ rule, seen: 0 })));
  }

  clear(): void {
    this.#rules = [];
  }

  /** Rules with the number of requests that they have matched so far, in effect or not. */
  list(): readonly { readonly rule: FaultRule; readonly seen: number }[] {
    return this.#rules;
  }

  /** The actions for one request; counts it. */
  take(subject: FaultSubject): readonly FaultAction[] {
    return this.#rules.flatMap((entry) => {
      const match = entry.rule.match ?? {};
      if (!matches(match, subject)) {
        return [];
      }
      entry.seen++;
      const first = match.nth ?? 1;
      const inEffect = entry.seen >= first && entry.seen < first + (match.times ?? Infinity);
      return inEffect ? [entry.rule.action] : [];
    });
  }
}

function matches(match: FaultMatch, subject: FaultSubject): boolean {
  return (
    (match.method === undefined || match.method === subject.method) &&
    (match.bucket === undefined || match.bucket === subject.bucket) &&
    (match.key === undefined || match.key === subject.key) &&
    (match.rangeStart === undefined || match.rangeStart === rangeStart(subject.rangeHeader))
  );
}

function rangeStart(header: string | undefined): number | 'none' | 'suffix' {
  if (header === undefined) {
    return 'none';
  }
  const start = /^bytes=(\d+)-/.exec(header)?.[1];
  return start === undefined ? 'suffix' : Number(start);
}
