/**
 * Converts a percentage to the increments of `withProgress`: never negative and at most 100 in total, even if the
 * percentage falls when a size becomes known late.
 */
export class ProgressSteps {
  private reported = 0;

  /** @param percent 0 to 100 @returns the increment to report, 0 for none */
  next(percent: number): number {
    const target = Math.min(100, Math.floor(percent));
    const increment = Math.max(0, target - this.reported);
    this.reported += increment;
    return increment;
  }
}
