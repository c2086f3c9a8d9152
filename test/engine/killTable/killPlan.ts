const mebibyte = 1024 * 1024;

/**
 * When a process dies: so long after its start, or when so much of what was missing has been sent, and a little later.
 */
export type KillMoment =
  | { readonly kind: 'afterStart'; readonly ms: number }
  | { readonly kind: 'afterShare'; readonly share: number; readonly ms: number };

export interface PlannedObject {
  readonly seed: number;
  readonly sizeBytes: number;
  /** Of each connection; 0: as fast as it goes. */
  readonly bytesPerSecond: number;
  readonly kills: readonly KillMoment[];
}

export interface KillPlanOptions {
  readonly kills: number;
  readonly minBytes: number;
  readonly maxBytes: number;
}

/** Slow connections make the bound tight: then a second's worth is little. */
const slowShare = 0.3;
const slowBytesPerSecond = 2 * mebibyte;
const maxSlowBytes = 96 * mebibyte;
const maxKillsPerObject = 8;

/** Objects without end, sizes spread evenly over their logarithm, each with a few moments to die at. */
export function* planObjects(options: KillPlanOptions, random: () => number): Generator<PlannedObject> {
  for (;;) {
    const isSlow = random() < slowShare;
    const largest = isSlow ? Math.max(options.minBytes, Math.min(options.maxBytes, maxSlowBytes)) : options.maxBytes;
    const sizeBytes = Math.floor(options.minBytes * (largest / options.minBytes) ** random());
    yield {
      seed: Math.floor(random() * 2 ** 31),
      sizeBytes,
      bytesPerSecond: isSlow ? slowBytesPerSecond : 0,
      kills: Array.from({ length: 1 + Math.floor(random() * maxKillsPerObject) }, () => planKill(random)),
    };
  }
}

function planKill(random: () => number): KillMoment {
  const kind = random();
  if (kind < 0.2) {
    // while it starts, reads back what it finds, begins
    return { kind: 'afterStart', ms: random() * 1200 };
  }
  if (kind < 0.3) {
    // while the last bytes are written, proven, renamed
    return { kind: 'afterShare', share: 1, ms: random() * 60 };
  }
  return { kind: 'afterShare', share: random(), ms: random() * 30 };
}
