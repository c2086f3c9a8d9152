const windowMs = 5000;

/** Rate over the last few seconds. Pure: whoever samples brings the time. */
export class RateMeter {
  private readonly samples: { readonly atMs: number; readonly bytes: number }[] = [];

  /** @param bytes that arrived since the start of the session, or ever; only differences matter */
  sample(atMs: number, bytes: number): void {
    this.samples.push({ atMs, bytes });
    // one sample from before the window stays, so that the whole window is covered
    while (this.samples.length > 2 && (this.samples[1]?.atMs ?? atMs) <= atMs - windowMs) {
      this.samples.shift();
    }
  }

  /** Bytes a second; 0 where less than two samples tell nothing, or where bytes were lost. */
  get bytesPerSecond(): number {
    const [first] = this.samples;
    const last = this.samples.at(-1);
    if (first === undefined || last === undefined || last.atMs <= first.atMs) {
      return 0;
    }
    return Math.max(0, ((last.bytes - first.bytes) * 1000) / (last.atMs - first.atMs));
  }
}

/** Milliseconds until `bytesLeft` bytes are there at this rate; undefined where nobody can say. */
export function remainingMs(bytesLeft: number, bytesPerSecond: number): number | undefined {
  return bytesPerSecond > 0 ? (bytesLeft * 1000) / bytesPerSecond : undefined;
}
