/** What happened in a soak, how often, and what must not have happened. */
export class Tally {
  readonly violations: string[] = [];
  private readonly counts = new Map<string, Map<string, number>>();

  /** @param group heading of the table that `what` is counted in */
  count(group: string, what: string, times = 1): void {
    const counts = this.counts.get(group) ?? new Map<string, number>();
    counts.set(what, (counts.get(what) ?? 0) + times);
    this.counts.set(group, counts);
  }

  of(group: string, what: string): number {
    return this.counts.get(group)?.get(what) ?? 0;
  }

  /** A broken promise: a wrong file, a hang, something left behind. */
  violate(what: string): void {
    this.violations.push(what);
    console.error(`VIOLATION: ${what}`);
  }

  format(): string {
    return [...this.counts]
      .map(([group, counts]) => {
        const rows = [...counts]
          .sort(([a], [b]) => a.localeCompare(b))
          .map(([what, times]) => `| ${what} | ${times} |`);
        return [`| ${group} | times |`, '|---|--:|', ...rows].join('\n');
      })
      .join('\n\n');
  }
}
