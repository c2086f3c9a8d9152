/**
 * Turns a percentage into the increments that `withProgress` wants: never negative, in all 100 at most,
 * however the percentage jumps (a size that becomes known late lets it fall).
 */
export class ProgressSteps {
  private reported = 0;

  /** @param percent 0 to 100 @returns what is to be reported now, 0 when nothing is new */
  next(percent: number): number {
    const target = Math.min(100, Math.floor(percent));
    const increment = Math.max(0, target - this.reported);
    this.reported += increment;
    return increment;
  }
}
