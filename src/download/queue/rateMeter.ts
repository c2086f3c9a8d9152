const windowMs = 5000;

/** Rate over the last few seconds. Pure: the caller passes the time. */
export class RateMeter {
  private readonly samples: { readonly atMs: number; readonly bytes: number }[] = [];

  /** @param bytes received so far; only differences matter */
  sample(atMs: number, bytes: number): void {
    this.samples.push({ atMs, bytes });
    // keep one sample from before the window, to cover all of it
    while (this.samples.length > 2 && (this.samples[1]?.atMs ?? atMs) <= atMs - windowMs) {
      this.samples.shift();
    }
  }

  /** 0 with fewer than two samples, and if bytes were lost. */
  get bytesPerSecond(): number {
    const [first] = this.samples;
    const last = this.samples.at(-1);
    if (first === undefined || last === undefined || last.atMs <= first.atMs) {
      return 0;
    }
    return Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.atMs - first.atMs));
  }
}

/** Milliseconds until `bytesLeft` bytes have arrived at this rate; undefined if the rate is 0. */
export function remainingMs(bytesLeft: number, bytesPerSecond: number): number | undefined {
  return bytesPerSecond > 0 ? (bytesLeft * 1000) / bytesPerSecond : undefined;
}
