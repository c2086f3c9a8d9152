/** Byte offsets, half open. */
export type Range = readonly [start: number, end: number];

/** The same bytes as ranges in order that do not touch. */
export function merged(ranges: readonly Range[]): readonly Range[] {
  const result: [number, number][] = [];
  for (const [start, end] of ranges.filter((range) => range[0] < range[1]).sort(([a], [b]) => a - b)) {
    const last = result.at(-1);
    if (last !== undefined && start <= last[1]) {
      last[1] = Math.max(last[1], end);
    } else {
      result.push([start, end]);
    }
  }
  return result;
}

/** With repetition: what is there twice counts twice. */
export function sumOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, [start, end]) => sum + Math.max(0, end - start), 0);
}

/** What one session was sent, and what of it had to be sent again. */
export interface SessionCost {
  readonly sentBytes: number;
  /** To itself, or to a later session; counted for the last one that had the bytes before. */
  readonly sentAgainBytes: number;
}

/** @param sessions the ranges that were sent to each session, oldest first; a range may be there twice */
export function costOfSessions(sessions: readonly (readonly Range[])[]): readonly SessionCost[] {
  let later: readonly Range[] = [];
  const costs: SessionCost[] = [];
  for (const ranges of [...sessions].reverse()) {
    const all = merged([...later, ...ranges]);
    costs.unshift({ sentBytes: sumOf(ranges), sentAgainBytes: sumOf(ranges) + sumOf(later) - sumOf(all) });
    later = all;
  }
  return costs;
}
